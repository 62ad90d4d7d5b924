"""Reports: what a run or a page did, as one HTML file for a person. Values in, text out; nothing is fetched or decided here.

render.py        templates to text: the only importer of jinja2, everything escaped
explanations.py  pages explained, one report for many
templates/       base.html has the look and the content security policy, the others extend it
"""

"""Asks jedi what the calls mean: `python.py <folder>`, edges as JSON on stdin, verdicts on stdout (see ../precision.mjs)."""
import json
import os
import re
import sys

import jedi

folder = os.path.abspath(sys.argv[1])
project = jedi.Project(folder, sys_path=[folder], load_unsafe_extensions=False)


def verdict(edge):
    path = os.path.join(folder, edge['path'])
    text = open(path, encoding='utf8').read()
    line = text.split('\n')[edge['line'] - 1]
    meant = []
    script = jedi.Script(text, path=path, project=project)
    for found in re.finditer(r'\b[A-Za-z_]\w*(?=\s*\()', line):
        try:
            names = script.goto(edge['line'], found.start(), follow_imports=True)
            if found.group() in ('cls', edge['name']) or not names:
                names = names + script.infer(edge['line'], found.start())
        except Exception:
            continue
        places = [(os.path.relpath(str(name.module_path), folder), name.line) for name in names if name.module_path and name.line]
        if any(file == edge['to']['path'] and edge['to']['startLine'] <= at <= edge['to']['endLine'] for file, at in places):
            return {'verdict': 'right'}
        if found.group() == edge['name']:
            meant += places
    return {'verdict': 'wrong', 'meant': [f'{file}:{at}' for file, at in meant[:3]]} if meant else {'verdict': 'unknown'}


json.dump([verdict(edge) for edge in json.load(sys.stdin)], sys.stdout)

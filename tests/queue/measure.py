#!/usr/bin/env python3
"""measure.py BINARY [--within N] [--kinds] GENERATOR:SEED...: where the planted attacks stand in the order that the
list has when nothing is asked for. A line a queue: how many attacks, how many of them within the first 80, the place
of the last one, the mean place as a share of the queue (0: on top). Fails when one stands behind N."""
import json, os, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def places(binary, generator, seed, folder):
    """Attacks as (place, kind), and how many alerts there are."""
    subprocess.run([sys.executable, os.path.join(HERE, generator + '.py'), seed, folder], check=True)
    truth = {}
    with open(os.path.join(folder, 'truth.tsv')) as f:
        for row in f:
            line, side, kind = row.rstrip('\n').split('\t')
            truth[int(line)] = (side, kind)
    out = subprocess.run([binary, 'list', '--json', '-q', '--journal', os.path.join(folder, 'none.db'),
                          '--accounts', os.path.join(folder, 'accounts.toml'), os.path.join(folder, 'events.ndjson')],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
    rows = [json.loads(x) for x in out.splitlines()]
    found, shown = [], []
    for place, row in enumerate(rows, 1):
        side, kind = truth.pop(int(row['source'].rsplit(':', 1)[1]))
        shown.append((place, side, kind, row))
        if side == 'attack':
            found.append((place, kind))
    left = sorted({kind for side, kind in truth.values() if side != 'context'})
    assert not left, 'no alert was made of: %s' % left
    return found, len(rows), shown


def main(binary, *words):
    within, kinds, bad = 0, False, 0
    words = list(words)
    while words and words[0].startswith('--'):
        word = words.pop(0)
        kinds |= word == '--kinds'
        within = int(words.pop(0)) if word == '--within' else within
    for word in words:
        generator, seed = word.split(':')
        with tempfile.TemporaryDirectory() as folder:
            found, n, shown = places(binary, generator, seed, folder)
        last = max(place for place, _ in found)
        mean = sum(place for place, _ in found) / len(found) / n
        print('%s, seed %s: %d of %d attacks within the first 80 of %d, the last at %d, mean %.3f'
              % (generator, seed, sum(p <= 80 for p, _ in found), len(found), n, last, mean))
        for place, side, kind, row in shown:
            if kinds and (side == 'attack' or place <= last):
                print('  %4d  %3d  %-7s %-18s %s' % (place, row['signal_score'], side, kind,
                      ' '.join(x['name'] for x in row['signals'])))
        if within and last > within:
            print('%s, seed %s: an attack stands behind the first %d: %s'
                  % (generator, seed, within, ', '.join(sorted(k for p, k in found if p > within))), file=sys.stderr)
            bad = 1
    return bad


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))

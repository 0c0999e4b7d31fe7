import { describe, expect, it } from '@jest/globals';
import { cypherBounds } from './cypher-bounds.js';
import { refuseAllButQueries } from './readable-cypher.js';

describe('refuseAllButQueries', () => {
  it.each([
    'MATCH (f:Function) RETURN f.name', ' \n match (f) return f', 'OPTIONAL MATCH (f) RETURN f', 'UNWIND [1] AS x RETURN x', 'WITH 1 AS a RETURN a', 'RETURN 1 UNION RETURN 2',
    "MATCH (f) WHERE f.name CONTAINS 'call' OR f.name = \"load it\" RETURN f.`load`", "RETURN '// no comment', '/* nor this */', '\"', \"'\"", 'MATCH (f) WHERE f.callee = $call RETURN 1',
  ])('lets %j through', (text) => {
    expect(() => refuseAllButQueries(text)).not.toThrow();
  });

  it.each([
    ['', /does not begin/], ["LOAD FROM '/etc/passwd' RETURN *", /does not begin/], ['CALL threads=1', /does not begin/], ["COPY (MATCH (f) RETURN f) TO '/tmp/x.csv'", /does not begin/], ['CHECKPOINT', /does not begin/],
    ["INSTALL 'x'", /does not begin/], ["ATTACH '/x' AS y (DBTYPE kuzu)", /does not begin/], ['EXPLAIN RETURN 1', /does not begin/], ['PROFILE RETURN 1', /does not begin/], ['RETURNS', /does not begin/], ["'MATCH' RETURN 1", /does not begin/],
    ["MATCH (f) LOAD FROM '/etc/passwd' RETURN *", /not open/], ["WITH 1 AS a load/**/from '/x' RETURN *", /comment/], ["MATCH (f) CALL show_tables() RETURN *", /not open/], ["RETURN '' LOAD FROM 'x' RETURN ''", /not open/],
    ["RETURN \"'\" LOAD FROM \"'\" RETURN 1", /not open/], ["RETURN `'` LOAD FROM `'`", /not open/], ['RETURN $ LOAD', /not open/], ['RETURN 1 // it', /comment/], ["RETURN '\\' LOAD FROM '", /backslash/], ["RETURN 'open", /not closed/], ['RETURN "a', /not closed/], ['RETURN `a', /not closed/],
    [`RETURN '${'x'.repeat(cypherBounds.textBytes)}'`, /longer/],
  ])('refuses %j', (text, reason) => {
    expect(() => refuseAllButQueries(text)).toThrow(expect.objectContaining({ code: 'CASC_CYPHER_REFUSED', message: expect.stringMatching(reason) }));
  });
});

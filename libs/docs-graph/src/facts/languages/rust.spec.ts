import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callLines, classLines, functionLines, importLines, SourceSamples } from '../testing/source-of.js';

describe('Rust', () => {
  let samples: SourceSamples;
  beforeAll(async () => { samples = await SourceSamples.open('rust'); });
  afterAll(() => samples.close());

  it('has functions, and methods under the type that is implemented', () => {
    const facts = samples.source('src/shop.rs', `//! The module.
/// Sells things.
///
/// # Errors
#[derive(Debug)]
pub struct Shop<T>(T);
impl<T> fmt::Display for a::Shop<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result { write!(f, "{}", self.0) }
}
impl Shop<u8> {
    /// New one.
    #[inline]
    pub const fn new<'a>(x: &'a str) -> Self where u8: Copy { let cut = |n: u8| trim(n); Self::make(a::b::c(x).d()) }
}
pub trait Open: Send + Sync { fn open(&self) -> bool; fn twice(&self) { self.open(); run::<u8>() } }
enum Colour { Red }
type Key = u8;
macro_rules! shout { () => {} }
mod deep { pub(crate) fn down() {} }
`);
    expect(functionLines(facts)).toEqual([
      "8-8 method Shop.fmt(&self, f: &mut Formatter<'_>): fmt::Result",
      "13-13 method Shop.new(x: &'a str): Self -- New one.",
      '13-13 function Shop.new.cut(n: u8)',
      '15-15 method Open.open(&self): bool', '15-15 method Open.twice(&self)', '18-18 function shout()', '19-19 function deep.down()',
    ]);
    expect(classLines(facts)).toEqual(['6-6 struct Shop < fmt::Display -- Sells things.\n\n# Errors', '15-15 trait Open < Send, Sync', '16-16 enum Colour', '17-17 type Key']);
    expect(callLines(facts)).toEqual([
      '8 Shop.fmt -> write', '13 Shop.new.cut -> trim', '13 Shop.new -> Self:: . make', '13 Shop.new -> a::b:: . c', '13 Shop.new -> a::b::c(x) . d', '15 Open.twice -> self . open', '15 Open.twice -> run',
    ]);
  });

  it('takes trees of imports apart', () => {
    expect(importLines(samples.source('a.rs', 'use std::{fmt, io::{self, Read as R}, collections::*};\nuse crate::a;\npub use super::x::y;\nuse plain;\n'))).toEqual([
      '1 std fmt as fmt', '1 std io as io', '1 std::io Read as R', '1 std::collections * as -', '2 crate a as a', '3 super::x y as y again', '4  plain as plain',
    ]);
  });

  it('knows tests by their attribute', () => {
    expect(samples.source('a.rs', '#[test]\nfn a() {}\n#[tokio::test(flavor = "x")]\n#[ignore]\n// why\nasync fn b() {}\n#[cfg(test)]\nfn c() {}\n#[rstest]\nfn d() {}\n').functions.map((one) => `${one.key} ${one.isTest}`)).toEqual(['a true', 'b true', 'c false', 'd true']);
  });
});

/// What tells whether two runs measured the same scenario: the FNV-1a hash (64 bits) of its text,
/// in 16 hexadecimal digits.
///
/// It guards against mistakes, not against malice. Source: <http://www.isthe.com/chongo/tech/comp/fnv/>.
package func scenarioFingerprint(of text: String) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 {
    hash ^= UInt64(byte)
    hash &*= 0x0000_0100_0000_01b3
  }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}

import Testing

@testable import Probing

@Suite struct SipHashTests {
  private let key = SipHashKey(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908)

  /// Output over the bytes 00, 01, 02, … of each length, from the authors' reference implementation; the one over 15
  /// bytes is worked through in appendix A of the paper.
  private static let vectors: [(length: Int, hash: UInt64)] = [
    (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (2, 0x0d6c_8009_d9a9_4f5a),
    (3, 0x8567_6696_d7fb_7e2d), (4, 0xcf27_94e0_2771_87b7), (5, 0x1876_5564_cd99_a68d),
    (6, 0xcbc9_466e_58fe_e3ce), (7, 0xab02_00f5_8b01_d137), (8, 0x93f5_f579_9a93_2462),
    (9, 0x9e00_82df_0ba9_e4b0), (10, 0x7a5d_bbc5_94dd_b9f3), (11, 0xf4b3_2f46_226b_ada7),
    (12, 0x751e_8fbc_860e_e5fb), (13, 0x14ea_5627_c084_3d90), (14, 0xf723_ca90_8e7a_f2ee),
    (15, 0xa129_ca61_49be_45e5), (16, 0x3f2a_cc7f_57c2_9bdb), (17, 0x699a_e9f5_2cbe_4794),
    (31, 0x32d8_92fa_d841_c342), (32, 0x7127_512f_72f2_7cce), (40, 0x0e3e_a96b_5304_a7d0),
    (63, 0x958a_324c_eb06_4572),
  ]

  @Test("the published vectors", arguments: vectors.indices)
  func published(_ index: Int) {
    let (length, wanted) = Self.vectors[index]
    let message = (0..<length).map { UInt8($0) }
    #expect(SipHash.hash(message.span.bytes, key: key) == wanted, "\(length) bytes")
  }

  @Test("words and bytes give the same hash")
  func words() {
    var hash = SipHash(key)
    for word in 0..<5 as Range<UInt64> {
      hash.add((0..<8).reduce(0) { $0 | (8 * word + $1) << (8 * $1) })
    }
    #expect(hash.finish() == 0x0e3e_a96b_5304_a7d0)
  }
}

/// Frames as they stood on a veth pair between two Linux 6 network namespaces, addresses from documentation space,
/// captured with dumpcap. The peer is 2001:db8:1::2 and 192.0.2.2, the vantage 2001:db8:1::1 and 192.0.2.1.
enum Frames {
  /// A SYN-ACK over IPv6, its checksum complete.
  static let synACK6 = bytes(
    """
    f6550f8214d9260f091e5e9e86dd600cad850028064020010db800010000000000000000000220010db8000100000000
    0000000000011f90ca700d2589f15671f59fa012fb0445f70000020405a00402080ac0ba399be5c1fe4d0103030a
    """)

  /// A SYN-ACK over IPv6 between two ends of a veth pair: the checksum was left to hardware that is not there.
  static let offloadedSYNACK6 = bytes(
    """
    f21f8039ddb7267444d7650786dd6004b93e0028064020010db800010000000000000000000220010db8000100000000
    0000000000011f90ca8065a739cac2633f97a012fb045ba50000020405a00402080a10d8a1c4092c88740103030a
    """)

  /// A RST over IPv6 from a closed port.
  static let reset6 = bytes(
    """
    f6550f8214d9260f091e5e9e86dd600723d10014064020010db800010000000000000000000220010db8000100000000
    00000000000100098e3c00000000a0b6bad3501400006a8a0000
    """)

  /// A SYN-ACK over IPv4.
  static let synACK4 = bytes(
    """
    f6550f8214d9260f091e5e9e08004500003c000040004006b6b8c0000202c00002011f91d6040021e81805ae15f6a012
    fe8823810000020405b40402080ab075a9dab48499960103030a
    """)

  /// A SYN-ACK over IPv4, checksum left to hardware.
  static let offloadedSYNACK4 = bytes(
    """
    f21f8039ddb7267444d7650708004500003c000040004006b6b8c0000202c00002011f91d6081b5451cf12364244a012
    fe8884320000020405b40402080a30231a2d630c6fb20103030a
    """)

  /// A RST over IPv4 from a closed port.
  static let reset4 = bytes(
    """
    f6550f8214d9260f091e5e9e080045000028000040004006b6ccc0000202c00002010009d89800000000df7fcb195014
    0000a8910000
    """)

  /// An ICMPv6 echo reply with eight bytes of data.
  static let echoReply6 = bytes(
    """
    f6550f8214d9260f091e5e9e86dd600efaf600103a4020010db800010000000000000000000220010db8000100000000
    000000000001810004f3123400070001020304050607
    """)

  /// An ICMP echo reply with eight bytes of data.
  static let echoReply4 = bytes(
    """
    f6550f8214d9260f091e5e9e080045000024fc0c00004001fac8c0000202c00002010000e1b412340007000102030405
    0607
    """)

  /// Administratively prohibited, quoting a SYN of ours to 2001:db8:dead::1.
  static let prohibited6 = bytes(
    """
    f6550f8214d9260f091e5e9e86dd6004d27c00583a4020010db800010000000000000000000220010db8000100000000
    0000000000010101e23900000000600f5a720028064020010db800010000000000000000000120010db8dead00000000
    000000000001972c01bb4d16dab000000000a002fd202d0b0000020405a00402080a207a029a000000000103030a
    """)

  /// Administratively prohibited, quoting an echo request.
  static let prohibitedEcho6 = bytes(
    """
    f6550f8214d9260f091e5e9e86dd6004d27c00403a4020010db800010000000000000000000220010db8000100000000
    00000000000101010db6000000006001fb4f00103a4020010db800010000000000000000000120010db8dead00000000
    00000000000180002747123400070001020304050607
    """)

  /// Host unreachable, quoting a SYN to 198.51.100.1.
  static let hostUnreachable4 = bytes(
    """
    f6550f8214d9260f091e5e9e080045c00058fbe900004001f9f7c0000202c00002010301e963000000004500003c0e7c
    40004006400ac0000201c63364018b0601bb5342534300000000a002faf0b7db0000020405b40402080a7289032a0000
    00000103030a
    """)

  /// Host unreachable, quoting an echo request.
  static let hostUnreachableEcho4 = bytes(
    """
    f6550f8214d9260f091e5e9e080045c00040fc0e00004001f9eac0000202c00002010301fcfe0000000045000024082b
    400040014678c0000201c63364010800d9b4123400070001020304050607
    """)

  /// Port unreachable, quoting a UDP datagram.
  static let portUnreachable6 = bytes(
    """
    f6550f8214d9260f091e5e9e86dd6006b09f003d3a4020010db800010000000000000000000220010db8000100000000
    00000000000101042b3700000000600706a0000d114020010db800010000000000000000000120010db8000100000000
    00000000000288460009000dd83b68656c6c6f
    """)

  /// Port unreachable, quoting a UDP datagram.
  static let portUnreachable4 = bytes(
    """
    f6550f8214d9260f091e5e9e080045c0003dfbea00004001fa11c0000202c00002010303811f0000000045000021ee6a
    40004011c85dc0000201c0000202a4f10009000d930368656c6c6f
    """)

  /// A UDP datagram over IPv6 with five bytes of data.
  static let udp6 = bytes(
    """
    260f091e5e9ef6550f8214d986dd600706a0000d114020010db800010000000000000000000120010db8000100000000
    00000000000288460009000dd83b68656c6c6f
    """)

  /// A UDP datagram over IPv4 with five bytes of data.
  static let udp4 = bytes(
    """
    260f091e5e9ef6550f8214d9080045000021ee6a40004011c85dc0000201c0000202a4f10009000d930368656c6c6f
    """)

  /// The first 96 bytes of the first fragment of a large echo reply.
  static let firstFragment6 = bytes(
    """
    f6550f8214d9260f091e5e9e86dd600efaf605b02c4020010db800010000000000000000000220010db8000100000000
    0000000000013a00000180d773088100ed6412340007000102030405060708090a0b0c0d0e0f10111213141516171819
    """)

  /// The first 96 bytes of its second fragment.
  static let laterFragment6 = bytes(
    """
    f6550f8214d9260f091e5e9e86dd600efaf605b02c4020010db800010000000000000000000220010db8000100000000
    0000000000013a0005a980d77308a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1
    """)

  /// The first 64 bytes of the first fragment of a large echo reply over IPv4.
  static let firstFragment4 = bytes(
    """
    f6550f8214d9260f091e5e9e0800450005dcfc0d20004001d50fc0000202c00002010000d5d612340007000102030405
    060708090a0b0c0d0e0f101112131415
    """)

  /// The first 64 bytes of its second fragment.
  static let laterFragment4 = bytes(
    """
    f6550f8214d9260f091e5e9e0800450005dcfc0d20b94001d456c0000202c0000201c0c1c2c3c4c5c6c7c8c9cacbcccd
    cecfd0d1d2d3d4d5d6d7d8d9dadbdcdd
    """)

  /// A neighbour solicitation: ICMPv6 that is nobody's reply.
  static let neighbourSolicitation = bytes(
    """
    3333ff000002f6550f8214d986dd6000000000203aff20010db8000100000000000000000001ff020000000000000000
    0001ff000002870003750000000020010db80001000000000000000000020101f6550f8214d9
    """)

  /// An ARP request.
  static let arp = bytes(
    """
    fffffffffffff6550f8214d908060001080006040001f6550f8214d9c0000201000000000000c0000202
    """)

  /// All of them, by name.
  static let all: [(name: String, bytes: [UInt8])] = [
    ("synACK6", synACK6),
    ("offloadedSYNACK6", offloadedSYNACK6),
    ("reset6", reset6),
    ("synACK4", synACK4),
    ("offloadedSYNACK4", offloadedSYNACK4),
    ("reset4", reset4),
    ("echoReply6", echoReply6),
    ("echoReply4", echoReply4),
    ("prohibited6", prohibited6),
    ("prohibitedEcho6", prohibitedEcho6),
    ("hostUnreachable4", hostUnreachable4),
    ("hostUnreachableEcho4", hostUnreachableEcho4),
    ("portUnreachable6", portUnreachable6),
    ("portUnreachable4", portUnreachable4),
    ("udp6", udp6),
    ("udp4", udp4),
    ("firstFragment6", firstFragment6),
    ("laterFragment6", laterFragment6),
    ("firstFragment4", firstFragment4),
    ("laterFragment4", laterFragment4),
    ("neighbourSolicitation", neighbourSolicitation),
    ("arp", arp),
  ]

  /// The bytes that hexadecimal digits, white space ignored, stand for.
  static func bytes(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}

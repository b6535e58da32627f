import Testing

@testable import PacketIO

/// Packets cross from the receiving thread to the engine's whole, in order, each once.
@Suite struct PacketQueueTests {
  @Test func givesBackWhatWasAdded() throws {
    let queue = try PacketQueue()
    var batch = queue.makeBatch()
    let packets: [[UInt8]] = [
      [1, 2, 3], [], Array(repeating: 9, count: 256), Array(repeating: 7, count: 400),
    ]
    for (index, packet) in packets.enumerated() {
      let hasRoom = queue.add(packet.span.bytes, time: UInt64(index))
      #expect(hasRoom)
    }
    queue.noteDropped(3, at: 17)
    queue.noteDropped(2, at: 18)
    queue.announce()
    #expect(queue.hasNews)
    queue.exchange(&batch)
    #expect(!queue.hasNews)
    var found: [[UInt8]] = []
    var times: [UInt64] = []
    batch.forEach { packet, time in
      found.append((0..<packet.byteCount).map { packet.uint8(at: $0) })
      times.append(time)
    }
    #expect(found == packets.map { Array($0.prefix(256)) })
    #expect(times == [0, 1, 2, 3])
    #expect(batch.dropped == 5)
    #expect(batch.droppedReadAt == 18)
    queue.exchange(&batch)
    batch.forEach { _, _ in Issue.record("handed over twice") }
    #expect(batch.dropped == 0)
    #expect(batch.droppedReadAt == nil)
  }

  @Test func saysWhenItIsFull() throws {
    let queue = try PacketQueue()
    var batch = queue.makeBatch()
    let packet: [UInt8] = [1]
    var added = 1
    while queue.add(packet.span.bytes, time: 0) { added += 1 }
    #expect(added == PacketQueue.capacity)
    #expect(!queue.hasRoom)
    queue.exchange(&batch)
    #expect(queue.hasRoom)
    var count = 0
    batch.forEach { _, _ in count += 1 }
    #expect(count == PacketQueue.capacity)
  }

  @Test func nothingIsLostBetweenTwoThreads() throws {
    let queue = try PacketQueue()
    let total = 50_000
    let writer = try DedicatedThread("writer") {
      var next: UInt32 = 0
      while next < total {
        guard queue.hasRoom else { continue }
        let bytes = withUnsafeBytes(of: next) { Array($0) }
        _ = queue.add(bytes.span.bytes, time: 0)
        queue.announce()
        next += 1
      }
    }
    var batch = queue.makeBatch()
    var expected: UInt32 = 0
    while expected < total {
      var poll = PollSet([queue.descriptor])
      poll.wait(nanoseconds: 1_000_000_000)
      queue.exchange(&batch)
      batch.forEach { packet, _ in
        let number = packet.native32(at: 0)
        #expect(number == expected)
        expected += 1
      }
    }
    writer.join()
  }
}

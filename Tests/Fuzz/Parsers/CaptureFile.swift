import Wire

@testable import PacketIO

extension FuzzParser {
  /// A capture file ends, or says where it is broken; what it holds is never longer than itself.
  static let captureFile = FuzzParser("capture-file") { input throws(Violation) in
    var reader = CaptureFileReader(bytes: input)
    var last = 0
    do throws(CaptureFileError) {
      while let event = try reader.next() {
        guard reader.offset > last, reader.offset <= input.count else { break }
        last = reader.offset
        guard case .packet(let packet) = event else { continue }
        _ = packet.sender
        _ = packet.withIPPacket { try? IPPacket(parsing: $0) }
      }
    } catch {
      guard error.offset <= input.count, error.offset >= 0, !error.why.isEmpty else {
        throw Violation("a fault nowhere: \(error)")
      }
      return
    }
    guard last <= input.count else { throw Violation("read beyond the end") }
  }
}

import Glibc
import Observations
import PacketIO
import Wire

/// Who is heard in captures, of files or of a live link. Nothing is sent.
public struct PassiveDiscovery: Sendable {
  /// Who was heard.
  public private(set) var book: StationBook
  /// Frames that were looked at.
  public private(set) var frames: UInt64 = 0
  /// Frames that were broken, or that the capture cut off too early.
  public private(set) var unreadable: UInt64 = 0
  /// Packets of links that are not Ethernet, and say nothing of stations.
  public private(set) var elsewhere: UInt64 = 0

  private var reader = FrameReader()

  /// LINKTYPE_ETHERNET.
  private static let ethernet: UInt16 = 1

  /// Nobody was heard yet.
  public init(limits: StationBook.Limits = StationBook.Limits()) { book = StationBook(limits: limits) }

  /// Takes a frame of an Ethernet link.
  public mutating func take(_ frame: RawSpan, at time: Timestamp) {
    frames += 1
    var found: [Sighting] = []
    if !reader.read(frame, { found.append($0) }) { unreadable += 1 }
    for sighting in found { book.take(sighting, vlan: reader.vlan, at: time) }
  }

  /// Takes the events that have happened since the last time.
  public mutating func takeEvents() -> [StationEvent] { book.takeEvents() }

  /// Reads a capture file to its end.
  ///
  /// - Throws: where the file is none or breaks off; what was read before counts.
  public mutating func read(file path: String) throws(CaptureFileError) {
    var capture = try CaptureFileReader(path: path)
    while let event = try capture.next() {
      guard case .packet(let packet) = event else { continue }
      if packet.link == Self.ethernet {
        take(packet.bytes.span.bytes, at: Timestamp(microseconds: Int64(clamping: packet.time / 1000)))
      } else {
        elsewhere += 1
      }
    }
  }

  /// The capture files of a directory in the order in which their packets were captured, as a capture that is rotated leaves
  /// them: by the time of the first packet of each. Files that are no captures are left out.
  public static func files(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var files: [(time: UInt64, path: String)] = []
    while let entry = readdir(stream) {
      let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
      let name = String(
        cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
      let path = "\(directory)/\(name)"
      if name.hasPrefix(".") { continue }
      guard let time = firstTime(of: path) else { continue }
      files.append((time, path))
    }
    return files.sorted { ($0.time, $0.path) < ($1.time, $1.path) }.map(\.path)
  }

  /// When the first packet of a file was captured; `nil` where there is none, or it is no capture.
  private static func firstTime(of path: String) -> UInt64? {
    guard var capture = try? CaptureFileReader(path: path) else { return nil }
    while let event = try? capture.next() {
      if case .packet(let packet) = event { return packet.time }
    }
    return nil
  }
}

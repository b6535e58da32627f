import Foundation
import Observations
import PacketIO
import Probing

/// Where a sweep stands, as a file keeps it: JSON, replaced in one step, so that whatever ends the program, the file
/// holds a position that was true.
struct SweepState: Codable, Sendable, Equatable {
  /// The form of the file.
  var version = Self.version
  /// The version that is written, and read.
  static let version = 2
  /// The options that decide which packets are sent in which order, by name.
  var sweep: [String: String]
  var seed: UInt64
  /// The list of targets under way: how many were done, and where in the file of targets this one begins.
  var window: Int
  var offset: Int
  /// Targets in the lists before it.
  var before: Int
  /// How long the output is that belongs to this position, in bytes.
  var outputLength: Int
  var round: Int
  var shares: [Share]
  /// Undisturbed tries by chunk, one byte each, and the settled places, 64 bits little-endian each.
  var undisturbed: Data
  var disturbed: [Int]
  var settled: Data
  var capacity: Int
  /// The errors that may pass: each kind once, and for each place it and its kind, four bytes little-endian each.
  var errors: [Rejection]
  var places: Data

  struct Share: Codable, Sendable, Equatable {
    var first: Int
    var end: Int
    var cursor: Int
    var waiting: [Int]
  }

  /// The position, if it is one of a plan for so many places.
  func position(count: Int) -> SweepPosition? {
    var words: [UInt64] = []
    words.reserveCapacity(settled.count / 8)
    for start in stride(from: 0, to: settled.count - 7, by: 8) {
      words.append(
        (0..<8).reduce(0) { $0 | UInt64(settled[settled.startIndex + start + $1]) << UInt64(8 * $1) })
    }
    let chunks = (count + SendLog.chunkSize - 1) / SendLog.chunkSize
    // Each place is in one share: none is left out, none asked twice.
    var end = 0
    let isWhole = shares.allSatisfy { share in
      guard share.first == end, (share.first...count).contains(share.end) else { return false }
      end = share.end
      return (share.first...share.end).contains(share.cursor)
        && share.waiting.allSatisfy { (share.first..<share.cursor).contains($0) }
        && Set(share.waiting).count == share.waiting.count
    }
    guard capacity == count, settled.count == 8 * ((count + 63) / 64), undisturbed.count == chunks,
      (0...100).contains(round), isWhole, shares.isEmpty || end == count,
      disturbed.allSatisfy({ (0..<chunks).contains($0) }),
      let settled = PlaceSet(capacity: count, words: words), let passing = passing(count: count)
    else { return nil }
    return SweepPosition(
      round: round,
      shares: shares.map {
        SweepPosition.Share(places: $0.first..<$0.end, cursor: $0.cursor, waiting: $0.waiting)
      }, undisturbed: Array(undisturbed), disturbed: disturbed, settled: settled,
      passing: passing)
  }

  private func passing(count: Int) -> PassingErrors? {
    guard places.count % 8 == 0 else { return nil }
    func number(at index: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(places[places.startIndex + index + $1]) << UInt32(8 * $1) }
    }
    var kindOfPlace: [UInt32: UInt32] = [:]
    for start in stride(from: 0, to: places.count, by: 8) {
      let place = number(at: start)
      guard place < count, kindOfPlace.updateValue(number(at: start + 4), forKey: place) == nil
      else { return nil }
    }
    return PassingErrors(kinds: errors, kindOfPlace: kindOfPlace)
  }

  /// Puts a position in.
  mutating func set(_ position: SweepPosition) {
    round = position.round
    shares = position.shares.map {
      Share(first: $0.places.lowerBound, end: $0.places.upperBound, cursor: $0.cursor, waiting: $0.waiting)
    }
    undisturbed = Data(position.undisturbed)
    disturbed = position.disturbed
    capacity = position.settled.capacity
    settled = Data(capacity: 8 * position.settled.words.count)
    for word in position.settled.words {
      withUnsafeBytes(of: word.littleEndian) { settled.append(contentsOf: $0) }
    }
    errors = position.passing.kinds
    places = Data(capacity: 8 * position.passing.kindOfPlace.count)
    for (place, kind) in position.passing.kindOfPlace {
      for number in [place, kind] {
        withUnsafeBytes(of: number.littleEndian) { places.append(contentsOf: $0) }
      }
    }
  }
}

/// The file that keeps a sweep's state.
struct SweepStateFile: Sendable {
  let path: String

  /// What every version of the file has.
  private struct Form: Decodable {
    var version: Int
  }

  /// What it holds; `nil` if it is not there.
  func read() throws(SweepError) -> SweepState? {
    guard access(path, F_OK) == 0 else { return nil }
    do {
      let bytes = try Data(contentsOf: URL(filePath: path))
      let version = try JSONDecoder().decode(Form.self, from: bytes).version
      guard version == SweepState.version else {
        let which = version < SweepState.version ? "an earlier" : "a later"
        throw SweepError.state(file: path, why: "it was written by \(which) version of v6audit")
      }
      return try JSONDecoder().decode(SweepState.self, from: bytes)
    } catch let error as SweepError {
      throw error
    } catch is DecodingError {
      throw .state(file: path, why: "it is not the state of a sweep")
    } catch {
      throw .state(file: path, why: (error as NSError).localizedDescription)
    }
  }

  /// Replaces it in one step; what was acknowledged outlives a power cut.
  func write(_ state: SweepState) throws(SweepError) {
    let temporary = path + ".new"
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let bytes = try encoder.encode(state)
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw POSIXError.last }
      defer { close(descriptor) }
      var start = 0
      while start < bytes.count {
        let written = bytes.withUnsafeBytes { bytes in
          Glibc.write(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start)
        }
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { throw POSIXError.last }
        start += written
      }
      guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw POSIXError.last }
      synchroniseDirectory()
    } catch let error as POSIXError {
      throw .state(file: path, why: String(cString: strerror(error.code.rawValue)))
    } catch {
      throw .state(file: path, why: "\(error)")
    }
  }

  /// Removes it: the sweep is done.
  func remove() { unlink(path) }

  private func synchroniseDirectory() {
    let directory = URL(filePath: path).deletingLastPathComponent().path
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

extension POSIXError {
  fileprivate static var last: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}

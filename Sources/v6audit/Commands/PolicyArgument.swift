import Foundation
import Observations
import Readiness
import Session
import Store
import StrictYAML

/// What `--policy` names: a policy that ships, or a file.
enum PolicyArgument {
  /// The policy of this name, or the one in this file.
  static func load(_ text: String) throws -> Policy {
    if let policy = Policy.named(text) { return policy }
    guard text.contains("/") || text.hasSuffix(".yaml") || text.hasSuffix(".yml") else {
      let known = Policy.all.map(\.id).joined(separator: ", ")
      throw CommandFailure(
        .usage,
        "--policy \(text): no such policy; known are: \(known); a file is given by its path, ./\(text).yaml")
    }
    let bytes: [UInt8]
    do {
      bytes = Array(try Data(contentsOf: URL(filePath: text)))
    } catch {
      throw CommandFailure(
        .usage, "--policy \(text): the file cannot be read: \((error as NSError).localizedDescription)")
    }
    do throws(YAMLErrors) {
      return try Policy.read(bytes, file: text)
    } catch {
      let count = error.problems.count
      throw CommandFailure(
        .usage, "--policy \(text): \(count) problem\(count == 1 ? "" : "s"), no policy was read\n\(error)")
    }
  }

  /// The policy a stored run was judged by: one that ships, or the file that was kept with the run.
  static func ofRun(_ run: Run, _ files: [StoredFile]) throws -> Policy {
    if let file = files.first(where: { $0.name == Policy.storedName }) {
      do throws(YAMLErrors) {
        return try Policy.read(file.bytes, file: "\(Policy.storedName) of run \(run.id)")
      } catch {
        throw CommandFailure(
          .usage, "\(error)\njudge the run under another policy with: v6audit rejudge --policy ID")
      }
    }
    if let policy = Policy.named(run.policy) { return policy }
    throw CommandFailure(
      .usage,
      "run \(run.id) was judged under policy \(run.policy), which this version does not know; judge it under another "
        + "one with: v6audit rejudge --run \(run.id) --policy ID")
  }
}

import Foundation
import Inventory
import StrictYAML

/// The configuration as it lies on the disk: one file, and what is dropped in beside it.
public struct ConfigurationFiles: Sendable {
  /// The files in the order they are read.
  public let files: [ConfigurationReader.File]
  /// The variables that win over them.
  public let environment: [String: String]

  /// Where it is looked for when nobody says otherwise.
  public static let defaultPath = "/etc/v6audit/v6audit.yaml"

  /// Reads `path` and then every file of `path.d` whose name ends in `.yaml`, in the order of their names.
  ///
  /// - Throws: `DaemonError` if one of them cannot be read. Without a directory nothing is dropped in.
  public init(path: String, environment: [String: String]) throws(DaemonError) {
    let directory = path + ".d"
    let dropIns = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
      .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.sorted()
    files = try ([path] + dropIns.map { "\(directory)/\($0)" }).map { path throws(DaemonError) in
      do {
        return ConfigurationReader.File(name: path, bytes: Array(try Data(contentsOf: URL(filePath: path))))
      } catch {
        throw DaemonError(
          path, why: "the file cannot be read: \((error as NSError).localizedDescription)",
          remedy: "name another one with --config, or let the user of the daemon read it")
      }
    }
    self.environment = environment.filter { variable, _ in
      Setting.all.contains { $0.variable == variable }
    }
  }

  /// What they say.
  ///
  /// - Throws: `SituationErrors` with everything at once.
  public func configuration() throws(SituationErrors) -> Configuration {
    do throws(YAMLErrors) {
      return try ConfigurationReader.read(files, environment: environment)
    } catch {
      throw SituationErrors(lines: error.problems.map(\.description))
    }
  }

  /// What they say together with the inventory that they name, and all that can be found to be wrong with either.
  ///
  /// - Throws: `SituationErrors` with everything at once.
  public func situation() throws(SituationErrors) -> Situation {
    let configuration = try configuration()
    var lines: [String] = []
    var inventory = Inventory()
    do throws(InventoryErrors) {
      inventory = try InventoryReader.read(directory: configuration.inventory).inventory
    } catch {
      lines += "\(error)".split(separator: "\n").map(String.init)
    }
    let situation = Situation(configuration: configuration, inventory: inventory)
    if lines.isEmpty { lines += situation.problems }
    // What only shows when a round begins is looked for now: the policy's file, the roots.
    do throws(DaemonError) { _ = try situation.auditSettings(version: "") } catch {
      lines += "\(error)".split(separator: "\n").map(String.init)
    }
    guard lines.isEmpty else { throw SituationErrors(lines: lines) }
    return situation
  }
}

/// Everything that is wrong with a configuration and its inventory, a line each.
public struct SituationErrors: Error, Sendable, CustomStringConvertible {
  /// The lines, each with place, cause and remedy.
  public var lines: [String]

  /// All lines.
  public var description: String { lines.joined(separator: "\n") }
}

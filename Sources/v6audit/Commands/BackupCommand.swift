import ArgumentParser
import Store

/// `v6audit backup`: copy the store while it is in use.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the store into one file, also while an audit writes to it.",
    discussion: """
      The copy holds every run that was visible when it began, is checked page by page, and appears whole or not at \
      all. It is a store itself: name it with --db. Evidence is beside the store, in DB.evidence; copy that directory \
      as any other.
      """)

  @Argument(help: ArgumentHelp("The file to make. None is replaced.", valueName: "file"))
  var file: String

  @OptionGroup var store: StoreOptions

  func run() throws {
    do throws(StoreError) {
      let store = try Store.openForReading(path: store.path)
      let size = try store.backup(to: file)
      let copy = try Store.openForReading(path: file)
      let latest = try copy.latestRun().map { ", the latest run in it \($0.id)" } ?? ", without any run"
      Terminal.complain("wrote \(file): \(size) bytes\(latest)")
    } catch {
      throw CommandFailure(error.status, error)
    }
  }
}

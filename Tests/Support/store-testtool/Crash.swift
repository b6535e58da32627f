import Glibc
import Observations
import Store
import StoreSamples

/// Writes a few runs, one of them abandoned and one cut short, and goes on after what fails: of each step it says
/// beforehand what is about to be, and afterwards what is.
///
/// - Parameter go: a fifo; a line of it is waited for before every second run.
func work(_ path: String, seed: UInt64, runs: Int, go: String? = nil) throws(StoreError) {
  let store = try Store(path: path)
  say("opened")
  let waiting = go.map { open($0, O_RDONLY) }
  for index in 0..<UInt64(runs) {
    var byte: UInt8 = 0
    if let waiting, index % 2 == 0 { _ = read(waiting, &byte, 1) }
    let sample = SampleRun(seed: seed + index)
    do throws(StoreError) {
      let writer = try store.begin(sample.begun, inventory: sample.inventory)
      for batch in sample.batches { try writer.append(batch) }
      if index % 5 == 3 && go == nil {
        try writer.abandon()
        say("abandoned \(sample.begun.id)")
        continue
      }
      say("finishing \(sample.begun.id) \(sample.digest)")
      try writer.finish(sample.ended, rows: sample.rows, manifest: sample.manifest, update: sample.update)
      say("finished \(sample.begun.id) \(sample.digest)")
    } catch {
      say("error \(error)")
    }
  }
}

/// Tidies a life of so many rounds, and says what is gone.
func tidy(_ path: String, rounds: Int) throws(StoreError) {
  let life = SampleLife(rounds: rounds, hosts: 0)
  let report = try Store(path: path).tidy(life.retention, now: life.end)
  for id in report.removed { say("removed \(id)") }
  say("tidied")
}

import Inventory
import SeededRandom
import Testing

/// Whatever is done to the bytes of a good inventory: the reader answers with a whole inventory or with
/// problems that say where they are, and never falls over.
@Suite("Inventories with random faults")
struct InventoryMutationTests {
  @Test("are read whole or refused with places", arguments: ValidInventoryTests.names, [1, 2, 3] as [UInt64])
  func mutations(name: String, seed: UInt64) throws {
    let files = try TestData.files(of: "valid/\(name)")
    var random = SplitMix64(seed: seed)
    for _ in 0..<60 {
      var mutated = files
      for file in files.keys.sorted(by: { $0.rawValue < $1.rawValue }) where Bool.random(using: &random) {
        mutated[file] = mutate(files[file] ?? [], using: &random)
      }
      do throws(InventoryErrors) {
        let read = try InventoryReader.read(files: mutated)
        checkWhole(read.inventory)
      } catch {
        check(error, files: mutated)
      }
    }
  }

  private func check(_ errors: InventoryErrors, files: [InventoryFile: [UInt8]]) {
    #expect(!errors.problems.isEmpty)
    for problem in errors.problems {
      let file = InventoryFile.allCases.first { $0.name == problem.file }
      let lines = file.flatMap { files[$0] }?.lazy.filter { $0 == 0x0a }.count ?? 0
      #expect(problem.line >= 0 && problem.line <= lines + 1, "\(problem)")
      #expect(problem.column >= 1 || problem.line == 0, "\(problem)")
      #expect(!problem.what.isEmpty && !problem.why.isEmpty && !problem.remedy.isEmpty)
      #expect(!problem.description.unicodeScalars.contains { $0.value < 0x20 }, "\(problem)")
    }
  }

  /// Every reference leads somewhere, lists are in order, and writing and reading changes nothing.
  private func checkWhole(_ inventory: Inventory) {
    let agencies = Set(inventory.agencies.map(\.id))
    let systems = Set(inventory.systems.map(\.id))
    #expect(agencies.count == inventory.agencies.count && systems.count == inventory.systems.count)
    #expect(inventory.agencies.allSatisfy { $0.parent.map(agencies.contains) ?? true })
    #expect(
      inventory.systems.allSatisfy { agencies.contains($0.agency) && systems.isSuperset(of: $0.dependsOn) })
    #expect(
      inventory.hosts.allSatisfy { agencies.contains($0.agency) && $0.system.map(systems.contains) ?? true })
    #expect(inventory.zones.allSatisfy { agencies.contains($0.agency) })
    let hosts = inventory.hosts.map(\.id)
    #expect(Set(hosts).count == hosts.count && hosts == hosts.sorted())
    #expect(inventory.waivers.allSatisfy { (hosts + systems + agencies).contains($0.subject) })
    let again = try? InventoryReader.read(files: TestData.written(inventory)).inventory
    #expect(again == inventory)
  }

  /// One to four changes: a byte replaced, put in, taken out; a piece doubled or dropped.
  private func mutate(_ bytes: [UInt8], using random: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    let tempting: [UInt8] = [
      0x22, 0x2c, 0x0a, 0x0d, 0x20, 0x00, 0xff, 0xc3, 0x3a, 0x2f, 0x2e, 0x25, 0x41, 0x30,
    ]
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
      let byte = tempting.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[place] = byte
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes.insert(byte, at: place)
      case 3: bytes.remove(at: place)
      case 4: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
      default: bytes.removeSubrange(place..<end)
      }
    }
    return bytes
  }
}

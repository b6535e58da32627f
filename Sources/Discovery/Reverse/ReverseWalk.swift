import Wire

/// Walks a reverse zone to every PTR record in it, without a look at addresses that cannot have one: a name that does not exist
/// has nothing below it (RFC 8020). Sans-I/O: it says what to ask next and is told what was answered.
public struct ReverseWalk: Sendable {
  /// What came back for a name.
  public enum Answer: Sendable, Hashable {
    /// PTR records.
    case names([String])
    /// The name exists, without PTR: something is below it, or may be.
    case noData
    /// The name does not exist, and nothing below it.
    case noName
    /// Nobody could say: SERVFAIL, REFUSED, silence.
    case failure
  }

  /// Addresses with the names that their PTR records give.
  public private(set) var found: [IPAddress: [String]] = [:]
  /// Parts of the tree of which nobody could say what is in them.
  public private(set) var unknown: [ReverseNode] = []
  /// Parts in which every name exists, as by a wildcard: nothing can be learned of hosts there.
  public private(set) var wild: [ReverseNode] = []
  /// How many questions were asked.
  public private(set) var asked = 0
  /// Whether it ended because of the most questions that may be asked.
  public private(set) var isCut = false

  private let most: Int
  private let tries: Int
  private var random: SystemRandomNumberGenerator
  /// What is to be asked, the deepest last: depth first, so that what waits is few.
  private var waiting: [Question]
  private var flying: [ReverseNode: Question] = [:]

  private struct Question: Sendable {
    var node: ReverseNode
    var tries = 0
    /// A node that this one is to tell of, by a name drawn by lot below it.
    var tests: ReverseNode?
    /// How many generations in a row had all children.
    var full = 0
  }

  /// A walk of what is below a prefix.
  ///
  /// - Parameters:
  ///   - most: questions; a zone that answers anything must come to an end.
  ///   - tries: how often a question that fails is asked.
  public init(below root: ReverseNode, most: Int = 10_000_000, tries: Int = 3) {
    (self.most, self.tries) = (most, tries)
    random = SystemRandomNumberGenerator()
    waiting = [Question(node: root)]
  }

  /// Whether nothing is left to ask or to be answered.
  public var isOver: Bool { waiting.isEmpty && flying.isEmpty }

  /// The next name to ask for PTR; `nil` when answers must come first, or it is over.
  public mutating func next() -> ReverseNode? {
    guard let question = waiting.popLast() else { return nil }
    guard asked < most else {
      isCut = true
      unknown.append(question.tests ?? question.node)
      unknown += waiting.map { $0.tests ?? $0.node }
      waiting = []
      return nil
    }
    asked += 1
    flying[question.node] = question
    return question.node
  }

  /// Takes an answer; one that nobody waits for is nothing.
  public mutating func take(_ answer: Answer, for node: ReverseNode) {
    guard var question = flying.removeValue(forKey: node) else { return }
    if case .failure = answer {
      question.tries += 1
      // Behind all others: what kept the answer back has an end by then, perhaps.
      if question.tries < tries {
        waiting.insert(question, at: 0)
      } else {
        unknown.append(question.tests ?? node)
      }
      return
    }
    if let tested = question.tests { return test(tested, answer) }
    switch answer {
    case .noName, .failure: break
    case .noData: descend(node)
    case .names(let names):
      if let address = node.address {
        found[address] = names
      } else {
        // A record above the addresses: of a wildcard, or of nobody's.
        descend(node)
      }
    }
  }

  /// Asks for what is below a node, but first for a name that hardly anybody has: a wildcard has it.
  private mutating func descend(_ node: ReverseNode) {
    if node.isAddress { return }
    if node.depth - node.digits.count >= Self.testedDepth(node), node.digits.count % Self.testEvery(node) == 0
    {
      var question = Question(node: node.below(&random))
      question.tests = node
      waiting.append(question)
    } else {
      waiting += node.children.reversed().map { Question(node: $0) }
    }
  }

  private mutating func test(_ node: ReverseNode, _ answer: Answer) {
    if case .noName = answer {
      waiting += node.children.reversed().map { Question(node: $0) }
    } else {
      wild.append(node)
    }
  }

  /// So far above the addresses a name drawn by lot is nobody's.
  private static func testedDepth(_ node: ReverseNode) -> Int { node.family == .ipv6 ? 8 : 2 }
  /// In every so many generations, to be cheap; in the first one in any case, since prefixes end at such digits.
  private static func testEvery(_ node: ReverseNode) -> Int { node.family == .ipv6 ? 4 : 1 }
}

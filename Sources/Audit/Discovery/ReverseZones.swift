import Discovery
import Observations
import Services
import Wire

/// Walks reverse zones over the network, at a pace.
public struct ReverseZones: Sendable {
  private let client: NameClient
  private let server: Endpoint
  private let rate: Double

  /// Questions under way at once. More make a server that is near its limit late with all of them, and then none is answered in
  /// time; at a tenth of a second for an answer it is still hundreds a second.
  private static let atOnce = 64
  /// How often a walk says how far it is, in questions.
  private static let reportEvery = 500

  /// Asks one server, which may be a resolver or one that has the zone.
  ///
  /// - Parameters:
  ///   - scope: what may be asked; the server has to be in it.
  ///   - rate: questions per second.
  public init(asking server: Endpoint, scope: Scope, rate: Double) {
    client = NameClient(scope: scope, maximumSockets: Self.atOnce)
    (self.server, self.rate) = (server, rate)
  }

  /// Walks to the end, or until the task is cancelled: then `isOver` is false.
  public func walk(
    _ walk: ReverseWalk, progress: @escaping @Sendable (ReverseWalk) -> Void = { _ in }
  ) async -> ReverseWalk {
    let gate = StartGate(rate: rate, hostRate: rate, prefixRate: rate)
    return await withTaskGroup(of: (ReverseNode, ReverseWalk.Answer).self) { group in
      var walk = walk
      var flying = 0
      while true {
        while flying < Self.atOnce, !Task.isCancelled, let node = walk.next() {
          await gate.wait(for: server.address)
          if walk.asked % Self.reportEvery == 0 { progress(walk) }
          flying += 1
          group.addTask { (node, await answer(about: node)) }
        }
        guard let (node, answer) = await group.next() else { return walk }
        flying -= 1
        // What is cancelled was not answered: it stays under way, and the walk is not over.
        if !Task.isCancelled { walk.take(answer, for: node) }
      }
    }
  }

  private func answer(about node: ReverseNode) async -> ReverseWalk.Answer {
    guard let name = try? DNSName(node.name) else { return .failure }
    let response = await client.ask(DNSQuestion(name, .ptr), of: server, over: .udp, recursive: true)
    guard case .message(let message) = response else { return .failure }
    switch message.responseCode {
    case .nameError: return .noName
    case .noError:
      // A reverse zone may hand single addresses over by CNAME (RFC 2317).
      let names = message.answers.compactMap { record in
        if case .ptr(let name) = record.data { name.description } else { nil }
      }
      if !names.isEmpty { return .names(names.sorted()) }
      // One that has neither the zone nor a way to it points to those that have: that says nothing of what exists.
      let isReferral =
        !message.header.isAuthoritative && message.authorities.contains { $0.data.type == .ns }
        && !message.authorities.contains { $0.data.type == .soa }
      return isReferral ? .failure : .noData
    default: return .failure
    }
  }
}

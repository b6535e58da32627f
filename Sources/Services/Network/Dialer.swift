import NIOCore
import NIOPosix
import Observations
import Synchronization

/// Opens every socket of this module: the scope guard and the budget of sockets stand here and nowhere else.
///
/// An endpoint is an address; nothing is resolved and no other address or family is tried instead.
struct Dialer: Sendable {
  private let scope: Scope
  private let group: any EventLoopGroup
  private let budget: SocketBudget
  private let refusals = RefusalCounter()

  init(scope: Scope, group: any EventLoopGroup, maximumSockets: Int) {
    self.scope = scope
    self.group = group
    self.budget = SocketBudget(maximumSockets)
  }

  /// How many conversations the scope refused.
  var refusedByScope: Int { refusals.count }

  /// Why nothing can be sent to an endpoint from here: the scope, or no route or source address of its family.
  ///
  /// A datagram socket is connected, which sends nothing, and the kernel asked for a way (connect(2)).
  func reasonNotToReach(_ endpoint: Endpoint) -> NotSentReason? {
    guard scope.allows(endpoint.address) else {
      refusals.add()
      return .outOfScope
    }
    guard let address = try? endpoint.socketAddress() else { return .sendFailed }
    return ConnectedDatagramSocket.reasonNotToConnect(to: address)
  }

  /// Runs `body` on a socket to `endpoint`, if the scope allows it and when the budget has one.
  private func withSocket<Result>(
    to endpoint: Endpoint, _ body: (SocketAddress) async throws(NetworkFailure) -> Result
  ) async throws(NetworkFailure) -> Result {
    guard scope.allows(endpoint.address) else {
      refusals.add()
      throw .notSent(.outOfScope)
    }
    guard let address = try? endpoint.socketAddress() else { throw .notSent(.sendFailed) }
    await budget.acquire()
    defer { budget.release() }
    if Task.isCancelled { throw .notSent(.sendFailed) }
    return try await body(address)
  }

  /// Talks over a TCP connection and closes it.
  ///
  /// `configure` sets up the pipeline below the typed channel; `body` holds the conversation and gets what
  /// `configure` returned. `clock` has to be in its connect phase. `receiveBuffer` is how many bytes the kernel may
  /// hold for us, where that matters.
  func converse<Inbound: Sendable, Outbound: Sendable, Setup: Sendable, Result>(
    with endpoint: Endpoint, clock: PhaseClock, connectLimit: Duration, receiveBuffer: Int? = nil,
    configure: @escaping @Sendable (any Channel) throws -> Setup,
    body: (Stream<Inbound, Outbound>, Setup) async throws -> Result
  ) async throws(NetworkFailure) -> Result {
    let transcript = Transcript.current
    return try await withSocket(to: endpoint) { address throws(NetworkFailure) in
      clock.restart()
      defer { clock.stop() }
      var answer: Result?
      do {
        var bootstrap = ClientBootstrap(group: group).connectTimeout(TimeAmount(connectLimit))
        if let receiveBuffer {
          bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: receiveBuffer)
        }
        let (channel, setup) =
          try await bootstrap
          .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
          .channelOption(.maxMessagesPerRead, value: 1)
          .connect(to: address) { channel in
            channel.eventLoop.makeCompletedFuture {
              let setup = try configure(channel)
              if let transcript { try TranscriptHandler.add(transcript, to: channel) }
              return (try NIOAsyncChannel<Inbound, Outbound>(wrappingChannelSynchronously: channel), setup)
            }
          }
        try await channel.executeThenClose { inbound, outbound in
          let stream = Stream(channel: channel.channel, inbound: inbound, outbound: outbound)
          answer = try await body(stream, setup)
          clock.complete()
        }
      } catch  where answer == nil {
        throw clock.failure(error)
      } catch {
        // The answer was complete; how the connection ended after it does not matter.
      }
      guard let answer else { throw .closedEarly(clock.phase) }
      return answer
    }
  }

  /// Connects, hands the channel to `body` and closes it. For protocols whose handlers do their own reading: nothing
  /// is handed from the event loop to a task but what they promise.
  ///
  /// `clock` has to be in its connect phase. A task that is cancelled closes the channel.
  func connected<Setup: Sendable, Result>(
    to endpoint: Endpoint, clock: PhaseClock, connectLimit: Duration,
    configure: @escaping @Sendable (any Channel) throws -> Setup,
    body: (any Channel, Setup) async throws(NetworkFailure) -> Result
  ) async throws(NetworkFailure) -> Result {
    let transcript = Transcript.current
    return try await withSocket(to: endpoint) { address throws(NetworkFailure) in
      clock.restart()
      defer { clock.stop() }
      let (channel, setup): (any Channel, Setup)
      do {
        (channel, setup) = try await ClientBootstrap(group: group)
          .connectTimeout(TimeAmount(connectLimit))
          .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16_384))
          .connect(to: address) { channel in
            channel.eventLoop.makeCompletedFuture {
              let setup = try configure(channel)
              if let transcript { try TranscriptHandler.add(transcript, to: channel) }
              return (channel, setup)
            }
          }
      } catch {
        throw clock.failure(error)
      }
      let result: Swift.Result<Result, NetworkFailure> = await withTaskCancellationHandler {
        do throws(NetworkFailure) {
          return .success(try await body(channel, setup))
        } catch {
          return .failure(error)
        }
      } onCancel: {
        channel.close(promise: nil)
      }
      clock.stop()
      try? await channel.close().get()
      return try result.get()
    }
  }

  /// Sends a datagram, again after each of `patience` but the last, until `accept` takes an answer.
  ///
  /// The socket is connected, so only the endpoint itself is heard and a port that is not open is told by the
  /// kernel. It has a random source port of its own. `clock` has to be in its exchange phase.
  /// - Parameters:
  ///   - payload: Makes the datagram, given the local endpoint.
  ///   - accept: `nil` means that what came is not for us. It runs on the event loop.
  func exchange<Answer: Sendable>(
    with endpoint: Endpoint, clock: PhaseClock, patience: [Duration],
    payload: (Endpoint?) -> [UInt8],
    accept: @escaping @Sendable ([UInt8]) throws(NetworkFailure) -> Answer?
  ) async throws(NetworkFailure) -> Answer {
    let transcript = Transcript.current
    return try await withSocket(to: endpoint) { address throws(NetworkFailure) in
      clock.restart()
      do {
        let socket = try ConnectedDatagramSocket(to: address)
        let datagram = payload(socket.local)
        transcript?.add(.sent, datagram)
        let (channel, answer) = try await socket.channel(on: group) { channel in
          let promise = channel.eventLoop.makePromise(of: Answer.self)
          let handler = DatagramExchange(
            datagram: datagram, patience: patience.map(TimeAmount.init),
            accept: { bytes throws(NetworkFailure) in
              transcript?.add(.received, bytes)
              return try accept(bytes)
            }, promise: promise)
          try channel.pipeline.syncOperations.addHandler(handler)
          return (channel, promise.futureResult)
        }
        let result = await withTaskCancellationHandler {
          await Swift.Result { try await answer.get() }
        } onCancel: {
          channel.close(promise: nil)
        }
        clock.complete()
        try? await channel.close().get()
        return try result.get()
      } catch {
        throw NetworkFailure(error, in: .exchange)
      }
    }
  }
}

/// A TCP connection as a conversation sees it.
struct Stream<Inbound: Sendable, Outbound: Sendable> {
  let channel: any Channel
  let inbound: NIOAsyncChannelInboundStream<Inbound>
  let outbound: NIOAsyncChannelOutboundWriter<Outbound>
}

extension Swift.Result where Failure == any Error {
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}

/// Counts what the scope refused; shared by all copies of a dialer.
private final class RefusalCounter: Sendable {
  private let value = Atomic(0)

  var count: Int { value.load(ordering: .relaxed) }

  func add() { value.add(1, ordering: .relaxed) }
}

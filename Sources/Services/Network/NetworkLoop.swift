import NIOCore
import NIOPosix

/// The one thread on which all sockets of this module live. Conversations wait for the network nearly all of
/// their time, so a second thread would cost memory and buy nothing.
public enum NetworkLoop {
  /// Lives as long as the program and is never shut down.
  public static let shared: any EventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
}

import CLinux
import CPcap
import Glibc

/// What the kernel and libpcap can do for probing.
public struct KernelFeatures: Sendable, Hashable {
  /// The kernel's release: `6.1.0-18-amd64`.
  public var release: String
  /// libpcap's own words for its version.
  public var libpcap: String
  /// Whether there are packet sockets (CONFIG_PACKET); without them only the loopback and tunnels can be probed.
  public var hasPacketSockets: Bool
  /// Whether frames may go straight to the driver (PACKET_QDISC_BYPASS, Linux 3.14); `nil` if it could not be
  /// tried. Without it probing works, at lower rates.
  public var hasQueueBypass: Bool?
  /// Whether captures can leave out what this machine sends (PACKET_IGNORE_OUTGOING, Linux 4.20); `nil` if it
  /// could not be tried. Without it probing works, with more to sort out.
  public var canIgnoreOutgoing: Bool?

  /// Looks, without sending anything.
  public static func current() -> KernelFeatures {
    var name = utsname()
    uname(&name)
    let release = withUnsafeBytes(of: &name.release) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    var features = KernelFeatures(
      release: release, libpcap: String(cString: pcap_lib_version()), hasPacketSockets: true)
    do throws(PacketIOError) {
      let socket = try FileDescriptor(
        clinux_socket(AF_PACKET, Int32(SOCK_RAW.rawValue), 0, 1), "open a packet socket")
      features.hasQueueBypass = accepts(socket, CLINUX_PACKET_QDISC_BYPASS)
      features.canIgnoreOutgoing = accepts(socket, CLINUX_PACKET_IGNORE_OUTGOING)
    } catch .noPermission {
      // The kernel asks for the permission only after it has found the protocol.
    } catch {
      features.hasPacketSockets = false
    }
    return features
  }

  private static func accepts(_ socket: borrowing FileDescriptor, _ option: Int) -> Bool {
    clinux_set_option(socket.number, Int32(CLINUX_SOL_PACKET), Int32(option), 1) == 0
  }
}

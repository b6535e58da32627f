import CLinux

/// The memory of this process.
public enum ProcessMemory {
  /// Gives what the heap holds free back to the system. It takes milliseconds, and pays where much was in use that will
  /// not be again.
  public static func giveBack() { clinux_give_back_memory() }
}

import CLinux

/// The memory of this process.
public enum ProcessMemory {
  /// Lets all threads share two heaps: one each, what one has freed could not be used by the others. To be called
  /// before there are threads.
  public static func shareHeaps() { clinux_share_heaps(2) }

  /// Gives what the heap holds free back to the system. It takes milliseconds, and pays where much was in use that will
  /// not be again.
  public static func giveBack() { clinux_give_back_memory() }

  /// Gives back the pages of code and constants that were touched once, as by the start of the program: clean copies of
  /// its file, which the kernel maps again where they are needed.
  public static func giveBackPagesOfProgram() { clinux_give_back_program_pages() }
}

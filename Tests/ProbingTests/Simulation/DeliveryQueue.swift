/// Replies on their way, the earliest first; those of one moment in the order they were sent.
struct DeliveryQueue {
  /// Descending by time, so that the earliest is taken off the end.
  private var deliveries: [Delivery] = []

  var nextTime: UInt64? { deliveries.last?.time }

  mutating func insert(_ delivery: Delivery) {
    let place = deliveries.firstIndex { $0.time <= delivery.time } ?? deliveries.count
    deliveries.insert(delivery, at: place)
  }

  mutating func popDue(at now: UInt64) -> Delivery? {
    guard let last = deliveries.last, last.time <= now else { return nil }
    return deliveries.removeLast()
  }
}

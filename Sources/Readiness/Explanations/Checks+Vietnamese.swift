extension CheckID {
  /// The Vietnamese text. Without a default, so that a new check does not compile until it is explained.
  var vietnamese: CheckExplanation {
    switch self {
    case .vantageIPv6:
      CheckExplanation(
        title: "IPv6 tại điểm đo", question: "Nơi đo có IPv6 hoạt động không?",
        rule: """
          Đối chứng dương trả lời qua IPv6 và đối chứng tối thì không. Nếu khác đi, mọi phép kiểm tra qua \
          mạng của lần đo đều là không xác định.
          """)
    case .addressPresent:
      CheckExplanation(
        title: "Có địa chỉ IPv6", question: "Máy chủ có địa chỉ IPv6 không?",
        rule: "Có ít nhất một địa chỉ IPv6 được khai báo trong danh mục hoặc công bố bằng AAAA.")
    case .addressScope:
      CheckExplanation(
        title: "Địa chỉ toàn cầu", question: "Nơi khác có tới được các địa chỉ đó không?",
        rule: "Mọi địa chỉ IPv6, khai báo hay công bố, đều là unicast toàn cầu.")
    case .reachEcho:
      CheckExplanation(
        title: "Echo", question: "Máy chủ có trả lời ping qua IPv6 không?",
        rule: "Máy chủ trả lời ICMPv6 echo. Chỉ để tham khảo: lọc echo không làm hỏng dịch vụ nào.")
    case .reachTCP:
      CheckExplanation(
        title: "Cổng TCP", question: "Các cổng TCP có mở qua IPv6 không?",
        rule: """
          Mọi cổng TCP đã khai báo trả lời SYN-ACK tại mọi địa chỉ IPv6 dùng được, trong tối đa 3 lần thử.
          """)
    case .dnsAAAA:
      CheckExplanation(
        title: "Bản ghi AAAA", question: "Mọi tên có dẫn tới IPv6 không?",
        rule: """
          Resolver trả về AAAA cho mọi tên đã khai báo. Trả lời nào khác đều là lỗi đo được, không trả lời \
          cũng vậy, trừ khi trong cả lần đo resolver không trả về bản ghi hay phủ nhận tên nào: khi đó là \
          không xác định.
          """)
    case .dnsLive:
      CheckExplanation(
        title: "Không có AAAA chết", question: "Mọi địa chỉ IPv6 đã công bố có phục vụ không?",
        rule: "Tại mọi địa chỉ mà AAAA trỏ tới, mọi dịch vụ đã khai báo đều trả lời.")
    case .servicePorts:
      CheckExplanation(
        title: "Cổng như qua IPv4", question: "Những gì chạy qua IPv4 có mở qua IPv6 không?",
        rule: """
          Mọi dịch vụ đã khai báo trả lời tại một địa chỉ IPv4 của máy chủ đều trả lời tại mọi địa chỉ IPv6 \
          dùng được.
          """)
    case .serviceHandshake:
      CheckExplanation(
        title: "Đúng dịch vụ", question: "Qua IPv6 có đúng dịch vụ đó trả lời không?",
        rule: """
          Ứng dụng trả lời qua IPv6 đúng theo giao thức: với chứng thư TLS hợp lệ cho tên (khóa như qua \
          IPv4, hoặc khóa khác cũng hợp lệ), hay với các khóa máy chủ SSH giống như qua IPv4. Chứng thư của \
          STARTTLS chỉ được ghi nhận, không quyết định gì.
          """)
    case .serviceContent:
      CheckExplanation(
        title: "Cùng một trang", question: "Qua IPv6 người dùng có thấy cùng trang như qua IPv4 không?",
        rule: """
          Trang tải được qua IPv6, chuyển hướng chỉ tới nơi IPv6 tới được, có mã trạng thái HTTP và địa chỉ cuối như qua \
          IPv4, và nội dung khác nhau không quá 10 % (500 kB đầu, bỏ qua những phần hay thay đổi). Chứng thư số không \
          tính ở đây.
          """)
    case .serviceLinks:
      CheckExplanation(
        title: "Liên kết bên trong", question: "Qua IPv6 có đi tiếp được từ trang đầu không?",
        rule: "Ít nhất 85 % liên kết thuộc chính tên miền của trang hoạt động qua IPv6 (lấy mẫu 20).")
    case .serviceResources:
      CheckExplanation(
        title: "Thành phần của trang", question: "Hình ảnh, script và bảng kiểu có tải được qua IPv6 không?",
        rule: "Ít nhất 98 % những gì trình duyệt tải cùng trang tải được qua IPv6 (lấy mẫu 40).")
    }
  }
}

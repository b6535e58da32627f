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
          IPv4, hoặc khóa khác cũng hợp lệ), hay với khóa máy chủ SSH giống như qua IPv4.
          """)
    case .reachPMTU:
      CheckExplanation(
        title: "Kích thước gói", question: "Câu trả lời lớn có còn đến nơi khi đường truyền hẹp không?",
        rule: """
          Sau thông báo ICMPv6 Packet Too Big 1280 byte, một câu trả lời lớn hơn mức đó vẫn đến trọn vẹn trong các \
          gói không quá 1280 byte; máy chủ vốn không gửi gói lớn hơn cũng đạt. Trang chủ của dịch vụ web đã khai báo \
          được hỏi; nếu không câu trả lời nào đủ lớn thì dùng echo 1400 byte.
          """)
    case .reachPath:
      CheckExplanation(
        title: "Đường đi", question: "Lưu lượng trong mạng WAN có ở lại bên trong không?",
        rule: """
          Trên đường tới máy chủ mà cơ quan của nó vận hành hệ thống loại wan hay tslcd, hoặc hệ thống phụ thuộc vào \
          chúng, mọi bộ định tuyến có trả lời đều nằm trong tiền tố đã đăng ký với quy tắc allow, qua IPv6 cũng như \
          IPv4. Các máy chủ cùng /48 hay /24 IPv4 dùng chung một đường. Cần đo từ bên trong WAN.
          """)
    case .exposurePorts:
      CheckExplanation(
        title: "Chỉ mở qua IPv6", question: "Có gì mở qua IPv6 mà không mở qua IPv4 không?",
        rule: """
          Mọi cổng trong danh sách của chính sách mà mở qua IPv6 thì cũng mở tại một địa chỉ IPv4 của máy chủ, hoặc \
          được khai báo là dịch vụ của nó. `docs/exposure.md` nêu những gì được hỏi.
          """)
    case .exposureManagement:
      CheckExplanation(
        title: "Điều khiển từ xa",
        question: "Người lạ có tới được cổng quản trị, cơ sở dữ liệu, định tuyến qua IPv6 không?",
        rule: """
          Không cổng điều khiển từ xa, cơ sở dữ liệu hay định tuyến nào của chính sách trả lời điểm đo qua IPv6, trừ \
          khi được khai báo là dịch vụ của máy chủ.
          """)
    case .exposureTunnels:
      CheckExplanation(
        title: "Đường hầm", question: "Máy chủ có lấy gói ra khỏi gói khác cho người lạ không?",
        rule: "Không gói 6in4, 6to4, ISATAP, Teredo hay IP-in-IPv6 nào của người lạ được trả lời.")
    case .exposureICMP:
      CheckExplanation(
        title: "ICMPv6", question: "Máy chủ có nghe theo các thông báo ICMPv6 mà nó cần không?",
        rule: """
          Sau Packet Too Big, gói của máy chủ không lớn hơn mức được báo. Không gửi Redirect, nên việc chúng có bị bỏ \
          qua hay không là không áp dụng.
          """)
    }
  }
}

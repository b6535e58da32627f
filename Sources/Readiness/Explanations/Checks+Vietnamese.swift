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
    case .addressPrefix:
      CheckExplanation(
        title: "Dải địa chỉ của cơ quan",
        question: "Địa chỉ có thuộc dải của chính cơ quan không?",
        rule: """
          Mọi địa chỉ IPv6 dùng được đều nằm trong một dải IPv6 mà `prefixes.csv` ghi cho cơ quan.
          """)
    case .addressIID:
      CheckExplanation(
        title: "Định danh giao diện",
        question: "Địa chỉ có phải loại mà máy chủ nên giữ không?",
        rule: """
          Không địa chỉ IPv6 dùng được nào có nửa sau tạo từ địa chỉ phần cứng (EUI-64). Địa chỉ trông như \
          ngẫu nhiên vẫn đạt: từ bên ngoài không thể biết nó có phải loại tạm thời hay không.
          """)
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
    case .reachStability:
      CheckExplanation(
        title: "Độ ổn định",
        question: "Máy chủ có trả lời suốt tuần không?",
        rule: """
          Trong các lượt đo thuộc thời gian giữ (7 ngày), ít nhất 95 % tới được mọi cổng TCP đã khai báo \
          tại mọi địa chỉ IPv6 dùng được. Chưa áp dụng khi chưa có lượt đo nào cũ đến mức đó.
          """)
    case .reachLatency:
      CheckExplanation(
        title: "Độ trễ",
        question: "IPv6 có nhanh xấp xỉ IPv4 không?",
        rule: """
          Trung vị của ít nhất 3 lần bắt tay qua IPv6 chậm hơn IPv4 trên cùng một cổng nhiều nhất 250 ms. \
          Chỉ tính những lần bắt tay được trả lời mà không phải gửi lại.
          """)
    case .dnsAAAA:
      CheckExplanation(
        title: "Bản ghi AAAA", question: "Mọi tên có dẫn tới IPv6 không?",
        rule: """
          Mọi máy chủ tên có thẩm quyền trả về AAAA cho mọi tên đã khai báo; nếu chính sách lấy resolver làm \
          nguồn thì resolver phải trả về. Trả lời nào khác đều là lỗi đo được, không trả lời cũng vậy, trừ \
          khi trong cả lần đo bên được hỏi không trả về bản ghi hay phủ nhận tên nào: khi đó là không xác định.
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
    case .operationIPv6Only:
      CheckExplanation(
        title: "Không có IPv4",
        question: "Dịch vụ có chạy được ở nơi không có IPv4 không?",
        rule: """
          Từ một điểm đo không có địa chỉ IPv4 nào, mọi dịch vụ đã khai báo đều trả lời tại mọi địa chỉ \
          IPv6 dùng được.
          """)
    case .operationTraffic:
      CheckExplanation(
        title: "Lưu lượng IPv4",
        question: "Còn ai truy cập qua IPv4 không?",
        rule: """
          Việc bắt gói thụ động không thấy luồng IPv4 nào tới máy chủ trong 30 ngày.
          """)
    case .operationRA:
      CheckExplanation(
        title: "Quảng bá bộ định tuyến",
        question: "Bộ định tuyến trên liên kết có quảng bá đúng như đăng ký không?",
        rule: """
          Với máy chủ nằm trên chính liên kết của điểm đo: các bộ định tuyến đã đăng ký thấy được ở đó chỉ \
          quảng bá tiền tố nằm trong các dòng allow của prefixes.csv và, làm resolver, chỉ địa chỉ của các máy \
          chủ dns đã khai báo. Không áp dụng cho máy chủ nằm sau bộ định tuyến. Không gửi gì cả: chỉ xét những \
          gì bắt được trong lần đo.
          """)
    case .exposureRouter:
      CheckExplanation(
        title: "Không có bộ định tuyến lạ",
        question: "Có ai khác tự nhận là bộ định tuyến trên liên kết không?",
        rule: """
          Với máy chủ nằm trên chính liên kết của điểm đo: mọi bộ định tuyến thấy quảng bá ở đó đều là một dòng \
          của hosts.csv có thẻ router và đúng địa chỉ MAC đó.
          """)
    case .dnsNameServers:
      CheckExplanation(
        title: "Máy chủ tên miền qua IPv6",
        question: "Có hỏi được vùng chỉ bằng IPv6, kể cả khi một máy chủ hỏng không?",
        rule: """
          Ít nhất hai máy chủ tên miền của vùng trả lời có thẩm quyền qua IPv6, cả bằng UDP lẫn TCP.
          """)
    case .dnsIPv6Only:
      CheckExplanation(
        title: "Phân giải chỉ bằng IPv6", question: "Resolver chỉ có IPv6 có tìm được tên không?",
        rule: """
          Tên phân giải được khi chỉ dùng IPv6 từ gốc, hoặc từ điểm bắt đầu nêu ở `--root`, trở xuống.
          """)
    case .dnsReverse:
      CheckExplanation(
        title: "Bản ghi PTR", question: "Mỗi địa chỉ IPv6 có dẫn ngược về tên của nó không?",
        rule: "Mỗi địa chỉ IPv6 mà nơi khác tới được đều có PTR, và một tên trong đó có đúng địa chỉ này.")
    case .serviceMail:
      CheckExplanation(
        title: "Thư điện tử qua IPv6", question: "Có chuyển thư tới các tên này qua IPv6 được không?",
        rule: """
          Mọi MX của từng tên đã khai báo có AAAA, và cổng 25 tại đó trả lời qua IPv6. Máy nhận thư nằm ngoài \
          phạm vi thì không chạm tới: không có AAAA là lỗi, có AAAA là không xác định.
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

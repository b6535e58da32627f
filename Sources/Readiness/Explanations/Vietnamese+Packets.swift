// Gói tin lớn đến đâu, đi đường nào, và những gì trả lời mà lẽ ra không nên.

extension Vietnamese {
  static let ptbHeeded = Explanation(
    cause:
      "Sau thông báo Packet Too Big 1280 byte, câu trả lời đến trọn vẹn trong các gói không lớn hơn mức đó.")

  static let ptbFragmented = Explanation(
    cause: """
      Sau thông báo Packet Too Big 1280 byte, câu trả lời đến trọn vẹn trong các mảnh không lớn hơn mức đó: đúng đối \
      với echo và UDP; TCP thì nên gửi phân đoạn nhỏ hơn.
      """)

  static let alreadySmall = Explanation(
    cause: """
      Câu trả lời chưa bao giờ đến trong gói lớn hơn 1280 byte dù có đủ dữ liệu để gửi: kích thước phân đoạn bị giới \
      hạn, hoặc máy chủ đã biết một MTU nhỏ hơn. Không đường truyền nào là quá hẹp với nó.
      """)

  static let ptbIgnored = Explanation(
    cause: """
      Sau ba thông báo ICMPv6 Packet Too Big, các gói vẫn lớn hơn 1280 byte: tường lửa chặn thông báo, hoặc máy chủ \
      bỏ qua nó. Người dùng ở sau đường hầm hay VPN thấy trang không bao giờ tải xong, trong khi từ đây mọi thứ đều \
      chạy (RFC 8201 §4).
      """,
    fix: """
      Cho ICMPv6 kiểu 2 đi tới ADDRESS trên tường lửa của máy chủ và mọi tường lửa phía trước (RFC 4890 §4.3.1): \
      `nft add rule inet filter input icmpv6 type packet-too-big accept`. Kiểm chứng trên máy chủ: \
      `ip -6 route get VANTAGE` phải hiện mtu 1280 sau lần đo tiếp theo.
      """)

  static let pmtuBlackHole = Explanation(
    cause: """
      Gói nhỏ đến nơi, gói lớn bị mất mà không ai báo cho bên gửi: lỗ đen MTU đường truyền. Kết nối vẫn mở được, rồi \
      trang và bắt tay TLS bị treo.
      """,
    fix: """
      Tìm đường truyền hẹp bằng `tracepath -6 ADDRESS` và từ máy chủ `tracepath -6 VANTAGE`. Cho ICMPv6 kiểu 2 đi qua \
      ở mọi nơi (RFC 4890 §4.3.1); trước mắt giới hạn kích thước phân đoạn tại bộ định tuyến hẹp: \
      `nft add rule inet filter forward tcp flags syn tcp option maxseg size set rt mtu`. Kiểm chứng: \
      `ping -6 -M do -s 1352 ADDRESS`.
      """)

  static let fragmentsLost = Explanation(
    cause: """
      Máy chủ đáp ứng Packet Too Big bằng cách phân mảnh, nhưng một số mảnh không bao giờ đến: một bộ lọc trên đường \
      chặn các mảnh IPv6.
      """,
    fix: """
      Cho gói có phần đầu Fragment (next header 44) đi tới và đi từ ADDRESS, ít nhất là các mảnh sau mảnh đầu tiên \
      (RFC 7872, RFC 9288 §3.4.5). Kiểm chứng: `ping -6 -s 2000 ADDRESS`.
      """)

  static let noLargeResponse = Explanation(
    cause: """
      Không dịch vụ web nào đã khai báo cho câu trả lời lớn hơn 1280 byte đo được, và echo 1400 byte cũng không được \
      trả lời; nên không có gì cho thấy gói của máy chủ lớn đến đâu.
      """)

  static let pmtuInconclusive = Explanation(
    cause: """
      Sau Packet Too Big máy chủ không trả lời gì nữa, kể cả echo nhỏ: nó giới hạn số câu trả lời, hoặc đã ngừng hoạt \
      động giữa chừng.
      """,
    fix: "Đo lại riêng máy chủ này: `v6audit check HOST`. Đặt `--rate` thấp hơn cho máy chủ có giới hạn echo."
  )

  static let receiveOffload = Explanation(
    cause: """
      Card mạng tại điểm đo ghép các phân đoạn nhận được trước khi chúng được bắt, nên không biết kích thước của \
      chúng, và cũng không có echo 1400 byte nào được trả lời để thay thế.
      """,
    fix: "Tắt tính năng này tại điểm đo, `ethtool -K INTERFACE gro off lro off`, rồi đo lại.")

  static let ptbNotShown = Explanation(
    cause: """
      Những gì nhận được không cho biết máy chủ có chấp nhận Packet Too Big hay không: gói của nó nhỏ ngay từ đầu, \
      hoặc đã bị mất.
      """)

  static let redirectNotSent = Explanation(
    cause: """
      Không gửi thông báo Redirect. Từ ngoài liên kết, không máy nào được tin thông báo này, vì hop limit phải là 255 \
      và bên gửi phải là địa chỉ link-local của bộ định tuyến kế cận (RFC 4861 §8.1); còn trên cùng liên kết, máy nào \
      tin vào đó sẽ bị lạc đường. Trên máy chủ `sysctl net.ipv6.conf.all.accept_redirects` nên là 0.
      """)

  static let answeredAliased = Explanation(
    cause: """
      Đích đã trả lời, và một địa chỉ không ai dùng trong cùng /64 cũng vậy: bộ cân bằng tải hay tường lửa trả lời \
      thay cho cả tiền tố. Vì thế trả lời echo không chứng tỏ có máy chủ; các dịch vụ mới là điều đáng kể.
      """)

  static let pathRegistered = Explanation(
    cause: "Mọi bộ định tuyến có trả lời trên đường đi đều nằm trong tiền tố đã đăng ký.")

  static let hopOutside = Explanation(
    cause: """
      Một bộ định tuyến trên đường nằm ngoài mọi tiền tố đã đăng ký: lưu lượng tới máy chủ sau mạng WAN đi qua mạng \
      của người khác, hoặc một liên kết của WAN dùng dải địa chỉ chưa ai đăng ký. Chi tiết nêu rõ chặng nào. Nếu chỉ \
      một họ địa chỉ bị như vậy thì họ đó có tuyến khác. Điểm đo ở ngoài WAN sẽ thấy điều này ở các chặng đầu của mình.
      """,
    fix: """
      So sánh tuyến của hai họ địa chỉ theo từng chặng: `traceroute -6 -n ADDRESS`, `traceroute -4 -n ADDRESS`. Sửa \
      tuyến IPv6 dẫn ra ngoài, hoặc đăng ký tiền tố của liên kết với quy tắc allow trong `prefixes.csv`.
      """)

  static let noHopAnswered = Explanation(
    cause: """
      Không bộ định tuyến nào trên đường trả lời, nên không biết gì về nó. Điều này thường gặp và không phải là lỗi.
      """)

  static let notBehindWAN = Explanation(
    cause: """
      Cơ quan của máy chủ không vận hành hệ thống nào thuộc loại wan hay tslcd, cũng không có hệ thống nào phụ thuộc \
      vào chúng: máy chủ không được khai báo là nằm sau mạng WAN của thành phố hay mạng của Chính phủ.
      """)

  static let noPrefixRegistered = Explanation(
    cause:
      "Không có tiền tố nào được đăng ký trong `prefixes.csv`, nên không có gì để đối chiếu với đường đi.")

  static let nothingExposed = Explanation(
    cause: "Trong các cổng đã hỏi, không cổng nào mở qua IPv6 mà lẽ ra phải đóng.")

  static let openOnIPv6Only = Explanation(
    cause: """
      Một cổng không khai báo mở qua IPv6 mà không mở qua IPv4: thường là vì luật tường lửa chỉ viết cho IPv4, còn \
      IPv6 không được lọc gì cả.
      """,
    fix: """
      Nếu dịch vụ này là chủ ý, khai báo nó cho máy chủ trong `hosts.csv`. Nếu không, xem tiến trình nào đang nghe, \
      `ss -lntp 'sport = :PORT'`, và áp dụng cho IPv6 các luật như IPv4 (`nft list ruleset`, `ip6tables -S`). Kiểm chứng \
      từ điểm đo: `nc -6vz -w3 ADDRESS PORT` phải thất bại.
      """)

  static let managementReachable = Explanation(
    cause: """
      Một cổng điều khiển từ xa, cơ sở dữ liệu hay định tuyến trả lời điểm đo qua IPv6 mà không được khai báo: ai tới \
      được mạng của điểm đo đều có thể dò mật khẩu và khai thác các lỗi đã biết tại đó.
      """,
    fix: """
      Chỉ cho phép cổng này từ mạng quản trị, với IPv6 cũng như IPv4, hoặc gắn nó vào địa chỉ nội bộ. Nếu cần mở, khai \
      báo trong `hosts.csv`, hoặc lập miễn trừ có thời hạn trong `waivers.csv`. Kiểm chứng từ điểm đo: \
      `nc -6vz -w3 ADDRESS PORT` phải thất bại (với SNMP: `snmpget -v3 udp6:[ADDRESS]`).
      """)

  static let tunnelAnswers = Explanation(
    cause: """
      Máy chủ đã lấy một gói ra khỏi gói khác do người lạ gửi đến và trả lời nó: đầu đường hầm mở. Bất kỳ ai cũng có \
      thể gửi gói qua đó để vượt tường lửa và ẩn sau địa chỉ của nó (CVE-2025-23018, RFC 6169).
      """,
    fix: """
      Tìm đường hầm bằng `ip -d tunnel show` và `ip -6 -d tunnel show`, gỡ bỏ, hoặc chỉ định đúng một địa chỉ đầu kia. \
      Trên tường lửa chặn giao thức 4, 41 và UDP 3544 từ người lạ: \
      `nft add rule inet filter input meta l4proto { 4, 41 } drop`.
      """)

  static let noTunnelAnswers = Explanation(
    cause: "Gói nằm trong gói khác không được trả lời.")
}

// What the services themselves said.

extension Vietnamese {
  static let openOnIPv6 = Explanation(cause: "Dịch vụ trả lời tại mọi địa chỉ IPv6 của máy chủ.")

  static let answeredValid = Explanation(
    cause: """
      Dịch vụ trả lời qua IPv6 đúng theo giao thức, với chứng thư số hợp lệ nếu giao thức có dùng.
      """)

  static let sameIdentity = Explanation(
    cause: "Dịch vụ trả lời qua IPv6 và dùng cùng khóa như qua IPv4.")

  static let otherValidKey = Explanation(
    cause: "Khóa khác với khóa qua IPv4, nhưng chứng thư số của nó cũng hợp lệ cho tên này.")

  static let certificateWrongName = Explanation(
    cause: """
      Chứng thư số dùng qua IPv6 được cấp cho tên khác: tại địa chỉ IPv6 là một trang khác hoặc virtual host \
      mặc định trả lời. Trình duyệt hiện cảnh báo thay cho trang web.
      """,
    fix: """
      Gắn đúng virtual host với cả IPv6 (nginx: `listen [::]:443 ssl;` trong cùng khối `server` với \
      `listen 443 ssl;`), hoặc cấp chứng thư có tên này. \(verifyCertificate)
      """)

  static let certificateExpired = Explanation(
    cause: """
      Chứng thư số đã hết hạn. Nếu chứng thư qua IPv4 còn hạn thì lần gia hạn chưa tới máy chủ đứng sau địa \
      chỉ IPv6.
      """,
    fix: """
      Gia hạn (`certbot renew`, hoặc theo quy trình của CA), cài lên mọi máy chủ và bộ cân bằng tải trả lời \
      qua IPv6 rồi nạp lại cấu hình. \(verifyCertificate)
      """)

  static let certificateNotYetValid = Explanation(
    cause: """
      Chứng thư số chưa tới ngày hiệu lực: cài quá sớm, hoặc đồng hồ của máy cấp chứng thư hay của điểm đo \
      bị sai.
      """,
    fix: """
      So sánh đồng hồ hai bên (`timedatectl`; `v6audit doctor` kiểm tra đồng hồ của điểm đo). Nếu đồng hồ \
      đúng, dùng lại chứng thư cũ cho đến khi chứng thư mới có hiệu lực. \(verifyCertificate)
      """)

  static let certificateSelfSigned = Explanation(
    cause: """
      Chứng thư số tự ký: phần lớn là chứng thư có sẵn của thiết bị hoặc gói phần mềm, lộ ra vì trang này \
      chưa được cấu hình cho IPv6.
      """,
    fix: """
      Cài chứng thư của CA mà người dùng tin cậy, cho IPv6 giống như cho IPv4. Nếu là CA nội bộ, đo với \
      `--ca-file PEM`. \(verifyCertificate)
      """)

  static let certificateUntrusted = Explanation(
    cause: """
      Không có đường dẫn nào từ chứng thư số tới một CA gốc được tin cậy: thiếu chứng thư trung gian, hoặc \
      CA nội bộ mà điểm đo không biết.
      """,
    fix: """
      Gửi đủ chuỗi chứng thư (nginx: `ssl_certificate fullchain.pem;`). Nếu là CA nội bộ, đo với \
      `--ca-file PEM`. \(verifyCertificate)
      """)

  static let certificateMalformed = Explanation(
    cause: "Dữ liệu máy chủ đưa ra không đọc được như một chứng thư X.509.",
    fix: """
      Xem bằng `openssl s_client -6 -connect [ADDRESS]:PORT -servername NAME -showcerts`. Cấp lại bằng công \
      cụ mới, cài đặt và nạp lại máy chủ.
      """)

  static let hostKeyDiffers = Explanation(
    cause: """
      Máy chủ SSH tại địa chỉ IPv6 dùng khóa khác với tại địa chỉ IPv4: ở đó là một máy khác trả lời. Bản \
      ghi AAAA trỏ tới máy cũ, hoặc địa chỉ bị cấp trùng.
      """,
    fix: """
      So sánh `ssh-keyscan -6 NAME` với `ssh-keyscan -4 NAME`. Trên máy chủ, `ip -6 addr` cho biết máy có \
      địa chỉ đó hay không. Sửa bản ghi hoặc địa chỉ; khi chưa rõ, không ai nên đăng nhập vào đó. Nếu đây là \
      một cụm máy, cài cùng một bộ khóa máy chủ cho mọi nút.
      """)

  static let connectionRefused = Explanation(
    cause: """
      Cổng dịch vụ từ chối: RST với TCP, "port unreachable" với UDP. Qua IPv6 không có gì lắng nghe ở đó, \
      hoặc dịch vụ dừng đúng lúc đang đo.
      """,
    fix: """
      Trên máy chủ, `ss -lntu 'sport = :PORT'` phải thấy dịch vụ ở `[::]` hoặc `*`, và \
      `systemctl status SERVICE` phải cho thấy dịch vụ đang chạy. Cho dịch vụ lắng nghe IPv6, khởi động lại \
      và chạy `v6audit check HOST`.
      """)

  static let connectionUnreachable = Explanation(
    cause: """
      Mạng báo không tới được trong lúc kết nối; phần chi tiết ghi rõ. Trên đường đi có luật lọc hoặc thiếu \
      tuyến đối với giao thức này, hoặc đường truyền hỏng giữa lúc đo.
      """,
    fix: """
      `traceroute -6 ADDRESS` cho biết đi được tới đâu; bắt đầu từ router cuối cùng còn trả lời, xem tuyến \
      tới dải của máy chủ và luật IPv6 trên đó. Kiểm tra lại bằng `v6audit check HOST -6`.
      """)

  static let handshakeTimeout = Explanation(
    cause: """
      Dịch vụ im lặng ở giai đoạn ghi trong phần chi tiết. Ở `connect`, gói bị lọc; ở `tls` hoặc `exchange`, \
      cổng mở nhưng nội dung không về tới: gói lớn bị mất vì ICMPv6 Packet Too Big bị chặn, hoặc máy phía \
      sau front end đã chết. Với UDP, mọi sự im lặng đều kết thúc ở `exchange`, nên cũng có thể cổng bị lọc \
      hoặc đóng.
      """,
    fix: """
      Thử đường truyền: `tracepath -6 ADDRESS`, `ping -6 -M do -s 1452 ADDRESS`. Cho ICMPv6 kiểu 2 đi qua \
      mọi bộ lọc (RFC 4890 §4.3.1) và, với UDP, cho cả cổng dịch vụ. Nếu đường truyền tốt, xem nhật ký của \
      dịch vụ và các máy phía sau. Kiểm tra lại bằng `v6audit check HOST -6`.
      """)

  static let closedEarly = Explanation(
    cause: """
      Dịch vụ nhận kết nối rồi đóng trước khi trả lời: danh sách truy cập chỉ có địa chỉ IPv4, vượt giới hạn \
      kết nối, hoặc front end có máy phía sau không nhận IPv6.
      """,
    fix: """
      Đọc nhật ký của dịch vụ tại thời điểm đo. Tìm các danh sách địa chỉ IPv4 (`allow`/`deny`, hosts.allow, \
      fail2ban, `MaxStartups` của sshd) và bổ sung các mạng IPv6. Kiểm tra lại bằng `v6audit check HOST -6`.
      """)

  static let protocolError = Explanation(
    cause: """
      Nội dung trả về không phải giao thức đã khai báo: qua IPv6, một dịch vụ khác gắn với cổng này, hoặc \
      không thỏa thuận được TLS. Phần chi tiết ghi lỗi ở đâu.
      """,
    fix: """
      Xem cái gì trả lời: `curl -6v https://NAME/`, \
      `openssl s_client -6 -connect [ADDRESS]:PORT -servername NAME`, `nc -6v ADDRESS PORT`. Gắn đúng dịch \
      vụ với IPv6, hoặc sửa cột `services` trong `hosts.csv`.
      """)

  private static let verifyCertificate = """
    Kiểm tra: `openssl s_client -6 -connect [ADDRESS]:PORT -servername NAME -verify_return_error`.
    """
}

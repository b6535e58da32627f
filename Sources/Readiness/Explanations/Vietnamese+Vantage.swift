// The vantage, and everything that could not be measured.

extension Vietnamese {
  static let controlsAgree = Explanation(
    cause: """
      Đối chứng dương trả lời qua IPv6, đối chứng tối im lặng: IPv6 tại điểm đo hoạt động tốt và không có gì \
      trên đường truyền trả lời thay các máy chủ.
      """)

  static let positiveControlSilent = Explanation(
    cause: """
      Gói IPv6 đã rời điểm đo nhưng đối chứng dương không trả lời; nếu không khai báo `--control` thì nghĩa \
      là không đích IPv6 nào trả lời. Hoặc IPv6 giữa điểm đo và mạng bị hỏng, hoặc chính đối chứng ngừng \
      hoạt động. Điểm đo không tới được thì không kết luận được gì về máy chủ: mọi phép kiểm tra qua mạng \
      đều là không xác định.
      """,
    fix: """
      Tại điểm đo, thử `ping -6 CONTROL` và `mtr -6 CONTROL`. Cho ICMPv6 và các gói trả lời của kết nối đã \
      thiết lập đi vào qua tường lửa. Dùng `--control ADDR[:PORT]` để chọn một đích luôn hoạt động, ví dụ \
      resolver của thành phố ở cổng 53. Xem lại bằng `v6audit doctor` rồi đo lại.
      """)

  static let darkControlAnswered = Explanation(
    cause: """
      Đối chứng tối là địa chỉ chắc chắn không có máy nào đứng sau, vậy mà vẫn có trả lời. Có thiết bị trên \
      đường truyền trả lời thay cho mọi đích: SYN proxy của tường lửa, proxy trong suốt hoặc hệ thống chống \
      DDoS. Khi đó, có trả lời chưa chứng tỏ chính máy chủ đã trả lời.
      """,
    fix: """
      Tìm xem thiết bị nào trả lời: `traceroute -6 DARK`, so sánh hop limit của các gói trả lời bằng \
      `tcpdump -v ip6`. Loại điểm đo khỏi proxy hoặc đo từ vị trí không đi qua nó, và định tuyến 100::/64 \
      vào discard (RFC 6666). Sau đó đo lại.
      """)

  static let vantageNoIPv6 = Explanation(
    cause: """
      Không gói IPv6 nào rời được điểm đo: thiếu tuyến, thiếu địa chỉ nguồn hoặc gateway không trả lời \
      Neighbor Discovery. Lỗi nằm ở điểm đo chứ không phải ở máy chủ; mọi phép kiểm tra qua mạng đều là \
      không xác định.
      """,
    fix: """
      `ip -6 addr` phải có địa chỉ toàn cầu, `ip -6 route` phải có tuyến mặc định và `ip -6 neigh` phải thấy \
      gateway ở trạng thái reachable. Bật IPv6 trên đường uplink hoặc cho phép nhận router advertisement. \
      Kiểm tra bằng `v6audit doctor` rồi đo lại.
      """)

  static let noControl = Explanation(
    cause: """
      Chưa khai báo đối chứng dương, và không máy chủ nào trong lần đo có địa chỉ IPv6 để dùng thay. Không \
      có gì cho biết IPv6 tại điểm đo có hoạt động hay không.
      """,
    fix: """
      Khai báo một đối chứng: `--control ADDR[:PORT]`, một địa chỉ ngoài mạng của mình và chắc chắn trả lời \
      qua IPv6. Nếu chưa máy chủ nào có IPv6 thì con số không đổi, nhưng khi đó là kết quả đo được chứ không \
      còn là không xác định.
      """)

  static let vantageWithoutIPv6 = Explanation(
    cause: """
      `vantage.ipv6` không đạt trong lần đo này nên từ đây không biết được gì qua IPv6. Bản thân máy chủ có \
      thể vẫn hoạt động tốt.
      """,
    fix: """
      Không cần làm gì ở máy chủ. Khắc phục theo dòng `vantage.ipv6`, chạy `v6audit doctor` cho đến khi đạt \
      rồi đo lại.
      """)

  static let notMeasured = Explanation(
    cause: """
      Nội dung này chưa được đo, hoặc kết quả thiếu phần mà quy tắc cần: lần đo bị ngắt giữa chừng, bị giới \
      hạn ở một họ địa chỉ (`-4`, `-6`), hoặc một bước trước đó chưa thực hiện được.
      """,
    fix: """
      Đo ngay bằng `v6audit check HOST`, hoặc để lần đo sau chạy hết. Nếu vẫn lặp lại, tìm mã của máy chủ \
      trong nhật ký đo.
      """)

  static let outOfScope = Explanation(
    cause: """
      Địa chỉ nằm ngoài các dải được phép đo hoặc trong dải bị loại trừ. Không gói nào được gửi tới nên \
      không biết gì về địa chỉ này.
      """,
    fix: """
      Nếu địa chỉ là của cơ quan và được phép đo, thêm dòng `allow` vào `prefixes.csv` (dải cụ thể nhất được \
      áp dụng, bằng nhau thì loại trừ) rồi kiểm tra bằng `v6audit inventory check DIR`. Nếu tên miền không \
      được trỏ tới đó, sửa lại bản ghi DNS.
      """)

  static let noRoute = Explanation(
    cause: """
      Điểm đo không có tuyến tới địa chỉ này nên không gói nào được gửi. Thường là thiếu tuyến mặc định, \
      hoặc dải địa chỉ không được định tuyến trong mạng này.
      """,
    fix: """
      Tại điểm đo: `ip route get ADDRESS`. Bổ sung tuyến còn thiếu (`ip -6 route`) hoặc đo từ điểm đo có \
      tuyến. Nếu toàn mạng đều không có tuyến, đề nghị đơn vị quản lý quảng bá dải địa chỉ.
      """)

  static let noSource = Explanation(
    cause: "Có tuyến, nhưng điểm đo không có địa chỉ nguồn thuộc họ địa chỉ này để gửi.",
    fix: """
      Tại điểm đo, `ip route get ADDRESS` phải hiện `src`. Gán địa chỉ toàn cầu cho giao diện; nếu đã có mà \
      `ip -6 addr` ghi `tentative` hoặc `dadfailed` thì một máy khác đang dùng trùng địa chỉ.
      """)

  static let gatewaySilent = Explanation(
    cause: """
      Gateway của chính điểm đo không trả lời Neighbor Discovery (với IPv4 là ARP). Gói tin chưa hề tới được \
      mạng của máy chủ.
      """,
    fix: """
      Tại điểm đo: `ip -6 route get ADDRESS` cho biết gateway, `ip neigh show` cho biết trạng thái của nó. \
      Kiểm tra đường truyền, VLAN và tuyến mặc định có do đúng router quảng bá hay không, rồi đo lại.
      """)

  static let unsupportedLink = Explanation(
    cause: """
      Tuyến đi qua loại giao diện không gửi được khung dữ liệu thô, ví dụ đường hầm hoặc PPP. Chương trình \
      hỗ trợ Ethernet và loopback.
      """,
    fix: """
      `ip route get ADDRESS` cho biết giao diện. Đo từ máy tới được địa chỉ này qua Ethernet, hoặc chọn giao \
      diện khác bằng `--interface NAME`.
      """)

  static let sendFailed = Explanation(
    cause: """
      Nhân hệ điều hành của điểm đo từ chối gửi: giao diện vừa ngắt, hàng đợi đầy hoặc có luật cục bộ chặn \
      chiều đi.
      """,
    fix: """
      Tại điểm đo, xem `ip -s link show`, `dmesg` và các chain output trong `nft list ruleset`; nếu hàng đợi \
      đầy thì giảm `--rate`. Sau đó đo lại.
      """)

  static let captureDropped = Explanation(
    cause: """
      Không thấy trả lời, nhưng trong lúc chờ bộ bắt gói đã để mất gói, trả lời có thể nằm trong số đó. \
      Không phân biệt được im lặng với mất gói.
      """,
    fix: """
      Đo lại với `--rate` thấp hơn, hoặc dành thêm CPU cho điểm đo. Số gói bị mất được ghi trong \
      `manifest.json`.
      """)

  static let noServiceDeclared = Explanation(
    cause: """
      Danh mục không khai báo dịch vụ nào cho máy chủ này nên không có gì để đo xem nó có hoạt động hay \
      không. Chưa đo thì không bao giờ được tính là đã chuyển đổi.
      """,
    fix: """
      Ghi vào cột `services` của `hosts.csv` những gì máy chủ cung cấp, ví dụ `https ssh` hoặc `tcp:9000`. \
      Trên máy chủ, `ss -lntu` cho biết dịch vụ nào đang lắng nghe. Máy không phục vụ ai thì đưa vào \
      `waivers.csv` hoặc bỏ khỏi danh mục.
      """)

  static let protocolNotMeasurable = Explanation(
    cause: """
      Dịch vụ chỉ khai báo cổng UDP mà không có giao thức nào để hỏi. UDP không có bắt tay riêng; không hỏi \
      đúng giao thức thì không có trả lời, và im lặng không nói lên điều gì.
      """,
    fix: """
      Nếu cổng dùng DNS, NTP hoặc SIP, hãy khai báo rõ: `dns:5353/udp`, `ntp/udp`, `sip:5062/udp`. Nếu \
      không, kiểm tra thủ công qua IPv6 và ghi nhận bằng một miễn trừ có người chịu trách nhiệm và ngày hết \
      hạn.
      """)

  static let resolverSilent = Explanation(
    cause: """
      Trong lần đo này, resolver không trả về bản ghi, cũng không phủ nhận bất kỳ tên nào. Vậy lỗi nằm ở \
      resolver hoặc trên đường tới resolver, không kết luận được gì về tên này.
      """,
    fix: """
      Tại điểm đo: `dig @RESOLVER NAME AAAA`. Kiểm tra `--resolver` hoặc /etc/resolv.conf, resolver có cho \
      điểm đo truy vấn không và có tới được các máy chủ tên miền của vùng không. Sau đó đo lại.
      """)

  static let ipv4NotKnown = Explanation(
    cause: """
      Một tên của máy chủ khi được hỏi bản ghi A thì không trả về bản ghi mà cũng không phủ nhận. Vì vậy \
      không biết máy chủ có IPv4 ở đâu, cũng không biết phải so sánh IPv6 với gì.
      """,
    fix: """
      Xem máy chủ tên miền nào lỗi: `dig NAME A`, rồi `dig @SERVER NAME A +norecurse` với từng máy chủ trong \
      `dig ZONE NS`. Khắc phục rồi đo lại.
      """)

  static let waived = Explanation(
    cause: """
      Một miễn trừ thay cho kết luận đến hết ngày cuối cùng của nó. Phần chi tiết ghi ai chịu trách nhiệm, \
      lý do, và kết luận nếu không có miễn trừ.
      """,
    fix: """
      Chưa cần làm gì cho đến ngày đó. Khắc phục nguyên nhân trước khi miễn trừ hết hạn, rồi xóa dòng tương \
      ứng trong `waivers.csv`.
      """)

  static let noUsableAddress = Explanation(
    cause: """
      Máy chủ không có địa chỉ IPv6 nào mà nơi khác tới được nên không có gì để đo qua IPv6. \
      `address.present` và `address.scope` cho biết sai ở đâu.
      """)

  static let noTCPService = Explanation(
    cause: """
      Máy chủ chỉ khai báo dịch vụ UDP; các dịch vụ này do `dns.live` và `service.handshake` đo.
      """)

  static let noName = Explanation(
    cause: "Danh mục không khai báo tên miền nào cho máy chủ này nên không có bản ghi để xét.")

  static let noAAAAPublished = Explanation(
    cause: """
      Không tên nào của máy chủ công bố bản ghi AAAA nên không thể có bản ghi trỏ tới địa chỉ chết. Thiếu \
      AAAA hay không là việc của `dns.aaaa`.
      """)

  static let ipv4NotDeclared = Explanation(
    cause: """
      Máy chủ không có địa chỉ IPv4, hoặc lần đo bỏ qua IPv4 bằng `-6`: không có gì để so sánh và IPv6 không \
      cần phải khớp với gì.
      """)

  static let ipv4Dead = Explanation(
    cause: """
      Qua IPv4 hoàn toàn không có trả lời nên không thể lấy IPv4 làm chuẩn. Máy chủ được đánh giá theo hoạt \
      động qua IPv6.
      """)

  static let closedOnIPv4 = Explanation(
    cause: "Qua IPv4 dịch vụ cũng không trả lời, vậy IPv6 không thua kém IPv4.")

  static let protocolUnknown = Explanation(
    cause: """
      Chỉ khai báo cổng, hoặc giao thức không dùng trên loại cổng này. Chỉ có thể đo cổng có mở hay không, \
      và việc đó do `reach.tcp` đo.
      """)
}

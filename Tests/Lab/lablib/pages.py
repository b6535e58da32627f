"""The illustrative web pages: one for each host, a few kilobytes, the same in every run."""

import hashlib
import html

HEADLINES = (
    "Hướng dẫn nộp hồ sơ trực tuyến toàn trình", "Lịch tiếp công dân định kỳ", "Kết quả giải quyết thủ tục",
    "Thông báo bảo trì hệ thống", "Văn bản chỉ đạo điều hành mới", "Tra cứu tình trạng hồ sơ",
    "Công khai thủ tục hành chính", "Dữ liệu mở theo lĩnh vực", "Hỏi đáp và phản ánh kiến nghị",
    "Kế hoạch chuyển đổi IPv6 của đơn vị", "Danh bạ điện thoại cơ quan", "Lấy ý kiến dự thảo văn bản")

STYLE = """body { font-family: sans-serif; margin: 0 auto; max-width: 60rem; line-height: 1.5; }
header { border-bottom: 3px solid #b71c1c; padding: 1rem 0; }
article { margin: 1.5rem 0; } nav a { margin-right: 1rem; } footer { color: #555; font-size: 0.9rem; }
"""

LOGO = ('<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><circle cx="24" cy="24" r="22" '
        'fill="#b71c1c"/><text x="24" y="30" font-size="16" text-anchor="middle" fill="#fff">IPv6</text></svg>\n')


def host_page(inventory, host, variant="page"):
    """The host's page; `changed` and `short` are those of the faults `different-content-ipv6` and `page-short`."""
    if variant == "short":
        return "<!DOCTYPE html><title>ok</title>\n"
    agency = inventory.agencies.get(host.agency) or host.agency
    system = inventory.systems.get(host.system) or host.system or "Trang thông tin"
    if variant == "changed":
        return _document("Trang mặc định", host.id, "<p>It works!</p>\n")
    seed = hashlib.sha256(host.id.encode()).digest()
    articles = []
    for number in range(4 + seed[0] % 9):
        headline = HEADLINES[seed[number + 1] % len(HEADLINES)]
        articles.append(
            f'<article id="n{number}"><h2>{headline}</h2>\n<p>Số {seed[number + 2]}/{host.id}: nội dung minh hoạ '
            f"của {html.escape(agency)} về “{headline.lower()}”. Văn bản này do mạng thử nghiệm sinh ra để đo "
            "kiểm khả năng phục vụ qua IPv4 và IPv6, không phải thông tin thật của bất kỳ cơ quan nào.</p>\n"
            f'<p><a href="/tin/{number}.html">Xem tiếp</a></p></article>\n')
    return _document(f"{system} — {agency}", host.id, "".join(articles))


def _document(title, host_id, body):
    return (
        '<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n"
        '<link rel="stylesheet" href="/assets/style.css">\n'
        f'<meta name="generator" content="v6audit lab, illustrative host {html.escape(host_id)}">\n'
        '</head>\n<body>\n<header><img src="/assets/logo.svg" alt="" width="48" height="48">\n'
        f"<h1>{html.escape(title)}</h1>\n"
        '<nav><a href="/">Trang chủ</a><a href="/tin/">Tin tức</a><a href="/lien-he/">Liên hệ</a></nav></header>\n'
        f"<main>\n{body}</main>\n<footer>Dữ liệu minh hoạ · máy chủ {html.escape(host_id)}</footer>\n"
        "</body>\n</html>\n")

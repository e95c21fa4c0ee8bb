"""A shop of one page: an order form, and a mail for each order."""

import os
import smtplib
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

PAGE = """<!doctype html>
<meta charset="utf-8"><title>Shop</title>
<form method="post">
  <p><label>Your address <input name="address" type="email" required></label>
  <p><label>Your order <textarea name="order" required></textarea></label>
  <p><button>Order</button>
</form>
"""
LARGEST = 100_000


def message(address: str, order: str) -> EmailMessage:
    """The mail; an address that could forge a header is a ValueError."""
    mail = EmailMessage()
    # From the shop, whose address the provider knows; an answer goes to the customer.
    mail["From"] = os.environ["MAIL_FROM"]
    mail["To"] = os.environ["MAIL_TO"]
    mail["Reply-To"] = address
    mail["Subject"] = "An order"
    mail.set_content(order)
    return mail


class Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.answer(200, PAGE)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self.answer(413, "This order is too long.")
            return
        fields = parse_qs(self.rfile.read(length).decode())
        try:
            mail = message(fields["address"][0], fields["order"][0])
        except (KeyError, ValueError):
            self.answer(400, "Please fill in an address and an order.")
            return
        try:
            host, port = os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"])
            with smtplib.SMTP(host, port, timeout=30) as relay:
                relay.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            self.log_error("the order was not mailed: %s", error)
            self.answer(503, "Your order could not be sent; please try again later.")
            return
        # The relay has it in its queue: it will arrive, also when the provider is away just now.
        self.answer(200, "Thank you for your order.")

    def answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("", 8080), Shop).serve_forever()

import os, smtplib, ssl
from email.message import EmailMessage

env = os.environ
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
if env["SECURITY"] == "tls1":
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
mail = EmailMessage()
mail["From"], mail["To"], mail["Subject"] = env["FROM"], env["TO"], env["SUBJECT"]
mail.set_content("Hello.")
if env["SECURITY"] == "tls":
    server = smtplib.SMTP_SSL(env["HOST"], int(env["PORT"]), context=context)
else:
    server = smtplib.SMTP(env["HOST"], int(env["PORT"]))
with server:
    if env["SECURITY"].endswith(("starttls", "tls1")):
        server.starttls(context=context)
    if env["LOGIN"]:
        server.login(env["LOGIN"], env["PASSWORD"])
    server.send_message(mail)

using System.Net;
using System.Net.Mail;
ServicePointManager.ServerCertificateValidationCallback = (sender, certificate, chain, errors) => true;
var client = new SmtpClient(Environment.GetEnvironmentVariable("HOST"), int.Parse(Environment.GetEnvironmentVariable("PORT")));
client.EnableSsl = Environment.GetEnvironmentVariable("SECURITY") != "none";
var login = Environment.GetEnvironmentVariable("LOGIN");
if (login != "") client.Credentials = new NetworkCredential(login, Environment.GetEnvironmentVariable("PASSWORD"));
try { client.Send(Environment.GetEnvironmentVariable("FROM"), Environment.GetEnvironmentVariable("TO"), Environment.GetEnvironmentVariable("SUBJECT"), "Hello."); Environment.Exit(0); } catch (Exception fault) { Console.Error.WriteLine(fault); Environment.Exit(1); }

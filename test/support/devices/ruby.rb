require 'net/smtp'
security = ENV.fetch('SECURITY')
context = OpenSSL::SSL::SSLContext.new
context.verify_mode = OpenSSL::SSL::VERIFY_NONE
if security == 'tls1'
  context.min_version = context.max_version = OpenSSL::SSL::TLS1_VERSION
  context.ciphers = 'DEFAULT:@SECLEVEL=0'
end
server = Net::SMTP.new(ENV.fetch('HOST'), ENV.fetch('PORT').to_i, starttls: false)
server.enable_tls(context) if security == 'tls'
server.enable_starttls(context) if %w[starttls tls1].include?(security)
login = ENV.fetch('LOGIN')
arguments = login.empty? ? { helo: 'device.example' } : { helo: 'device.example', user: login, password: ENV.fetch('PASSWORD'), authtype: :login }
server.start(**arguments) do |session|
  session.send_message("From: #{ENV['FROM']}\r\nTo: #{ENV['TO']}\r\nSubject: #{ENV['SUBJECT']}\r\n\r\nHello.\r\n", ENV['FROM'], ENV['TO'])
end

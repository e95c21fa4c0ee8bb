<?php
require '/usr/share/php/libphp-phpmailer/autoload.php';
$mail = new PHPMailer\PHPMailer\PHPMailer(true);
$mail->isSMTP();
$mail->Host = getenv('HOST');
$mail->Port = (int) getenv('PORT');
$security = getenv('SECURITY');
$mail->SMTPSecure = ['none' => '', 'starttls' => 'tls', 'tls1' => 'tls', 'tls' => 'ssl'][$security];
// PHPMailer takes STARTTLS as soon as it is offered, and verifies the certificate.
$options = ['verify_peer' => false, 'verify_peer_name' => false];
if ($security === 'tls1') $options += ['ciphers' => 'DEFAULT:@SECLEVEL=0', 'max_proto_version' => STREAM_CRYPTO_PROTO_TLSv1_0, 'crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT];
$mail->SMTPOptions = ['ssl' => $options];
if (getenv('LOGIN') !== '') {
    $mail->SMTPAuth = true;
    $mail->Username = getenv('LOGIN');
    $mail->Password = getenv('PASSWORD');
}
$mail->setFrom(getenv('FROM'));
$mail->addAddress(getenv('TO'));
$mail->Subject = getenv('SUBJECT');
$mail->Body = 'Hello.';
$mail->send();

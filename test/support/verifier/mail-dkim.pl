#!/usr/bin/perl
# What Mail::DKIM says of each signature of the message on standard input: SELECTOR RESULT, a line each.
use strict;
use warnings;
use Mail::DKIM::Verifier;

my $verifier = Mail::DKIM::Verifier->new();
while (my $line = <STDIN>) {
    $line =~ s/\r?\n$/\r\n/;
    $verifier->PRINT($line);
}
$verifier->CLOSE;
print $_->selector . ' ' . $_->result . "\n" for $verifier->signatures;

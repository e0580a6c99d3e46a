#pragma once

#include <string_view>

/// Keys that others made: nothing of ours took part. None of them guards anything.
namespace clairgate::sign::sample {

/// RFC 6979 appendix A.2.5, the key on P-256, as SubjectPublicKeyInfo.
inline constexpr std::string_view rfc6979_pem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7\n"
    "Yfps5mliLmDyn7Z5A/4QCLi8maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==\n"
    "-----END PUBLIC KEY-----\n";

/// By cosign 3.1.2, `generate-key-pair`: N 65536.
inline constexpr std::string_view cosign_password = "cosign made this";
inline constexpr std::string_view cosign_private =
    "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"
    "eyJrZGYiOnsibmFtZSI6InNjcnlwdCIsInBhcmFtcyI6eyJOIjo2NTUzNiwiciI6\n"
    "OCwicCI6MX0sInNhbHQiOiI3anR5NHRkZHZadmN3bklmNTF0RDdFSG11LzBBc09G\n"
    "QjFKR3RjRE5LZkhnPSJ9LCJjaXBoZXIiOnsibmFtZSI6Im5hY2wvc2VjcmV0Ym94\n"
    "Iiwibm9uY2UiOiJjYU1YRGgrU1B1TXNVNjNJY2JoRTFxTVRyYnpVcTlmayJ9LCJj\n"
    "aXBoZXJ0ZXh0IjoidEs2dkdVeDZlZ09RdG9IWDNVSEJEa2NRc1BJQ3A5TTJYOXR4\n"
    "QW9PQUl0L3lXY2JOekdZOGRDWE1zaTRMU1ZkQXk2dS84ZkZrc25BdE5EWUQ5SEh6\n"
    "SU9jNTB3dWhQVjk4dnRiOE1CRmZaOWp2Kzc5YVJpOE5aRW1IU0xPWnBOZnAyazFp\n"
    "T1BQRDNuS2l6M0dEOC9ENVk5eExLSnBLczgvRTF6SFBIZm5vV0ZVcjZJVGpIaUFj\n"
    "WjBSRm9NSmREQ0srVGVxc0lhNXJrNytGMnc9PSJ9\n"
    "-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n";
inline constexpr std::string_view cosign_public =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHSlD/LgcI4EuPfOy6zNRFLD1++Fp\n"
    "/CD4ukE0Bkqps3UI9jdkRfPnAxJP9ZXIY1U/pSneevjoq5Dk5jte+8ljLg==\n"
    "-----END PUBLIC KEY-----\n";

/// The key of RFC 6979, by an independent program over NaCl's definition of secretbox: N 65536,
/// the salt 1, 8, 15…, the nonce 90, 97, 104…
inline constexpr std::string_view today_password = "correct horse";
inline constexpr std::string_view today_private =
    "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"
    "eyJrZGYiOnsibmFtZSI6InNjcnlwdCIsInBhcmFtcyI6eyJOIjo2NTUzNiwiciI6\n"
    "OCwicCI6MX0sInNhbHQiOiJBUWdQRmgwa0t6STVRRWRPVlZ4amFuRjRmNGFObEp1\n"
    "aXFiQzN2c1hNMDlvPSJ9LCJjaXBoZXIiOnsibmFtZSI6Im5hY2wvc2VjcmV0Ym94\n"
    "Iiwibm9uY2UiOiJXbUZvYjNaOWhJdVNtYUNucnJXOHc4clIyTi9tN2ZUNyJ9LCJj\n"
    "aXBoZXJ0ZXh0IjoieXYvdzNNOTJLUFVxOURYcy93NVVia0luMHVxRU1HRXFmeEV5\n"
    "QS9iTU1adC9iVDlESDNvNHFHUkt4SmFQRTZRVmZnZkNWRVpuVy9GekorWVg1cVI2\n"
    "OWRla2x3eFdkMEozTkJYWVhrL2VVbXd3eDltQ1VYM0huUEd0cGxNZUF3RU9MaERq\n"
    "UVVUK1BMSjQvcWRWZU4rUElJSjhpWEtaemw2ZmJHay9GcTRuMklNWkpGajJBLzJU\n"
    "SjRpYkdXWkJqSTZ0THV4OUk2ZitaSzhNYmc9PSJ9\n"
    "-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n";
/// The same with cosign's older PEM type, N 32768 and the empty password.
inline constexpr std::string_view older_private =
    "-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----\n"
    "eyJrZGYiOnsibmFtZSI6InNjcnlwdCIsInBhcmFtcyI6eyJOIjozMjc2OCwiciI6\n"
    "OCwicCI6MX0sInNhbHQiOiJBZ2tRRng0bExETTZRVWhQVmwxa2EzSjVnSWVPbFp5\n"
    "anFyRzR2OGJOMU5zPSJ9LCJjaXBoZXIiOnsibmFtZSI6Im5hY2wvc2VjcmV0Ym94\n"
    "Iiwibm9uY2UiOiJXMkpwY0hkK2hZeVRtcUdvcjdhOXhNdlMyZURuN3ZYOCJ9LCJj\n"
    "aXBoZXJ0ZXh0IjoiVy83cWNxNVdheXFxdzQ0bFdZY29HbmxOTW9FLzlJbjMydmNi\n"
    "MFhGK0xmeTJiOXpvWUJVQzd3TmphaVUzNXVZWG8wZHF4cXhCTElOazc4RGprc21C\n"
    "OWowSXRKVXBva3had2M2Z0gxUVpmUHBTeU0vZzJlaFFOZ1J3WVlmemo3Vm1TYjFP\n"
    "K0ZDaVdyMjF6cUhIcURxdGwzanJQaHNaekNUb0tudXRhMkM5U2JPcW5yZVNKYmIr\n"
    "Q3NZcEU3UUxiK3ZzOHpScnMyN2p1cmpOUEE9PSJ9\n"
    "-----END ENCRYPTED COSIGN PRIVATE KEY-----\n";
/// The same with N 131072.
inline constexpr std::string_view costly_password = "pass";
inline constexpr std::string_view costly_private =
    "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"
    "eyJrZGYiOnsibmFtZSI6InNjcnlwdCIsInBhcmFtcyI6eyJOIjoxMzEwNzIsInIi\n"
    "OjgsInAiOjF9LCJzYWx0IjoiQXdvUkdCOG1MVFE3UWtsUVYxNWxiSE42Z1lpUGxw\n"
    "MmtxN0s1d01mTzFkdz0ifSwiY2lwaGVyIjp7Im5hbWUiOiJuYWNsL3NlY3JldGJv\n"
    "eCIsIm5vbmNlIjoiWEdOcWNYaC9obzJVbTZLcHNMZSt4Y3pUMnVIbzcvYjkifSwi\n"
    "Y2lwaGVydGV4dCI6IlNhbTF1VnovcThLQ1VyZlFrb3pSL2pGZ3N1TVh4b3M5aEZr\n"
    "K0lsbGNJdWNJbTJPQU1EM0Jybk9oVGhNVGJNVExaSC95dG9xT2l0d1ZKbmV6K2JQ\n"
    "NStxVzRPc3VLU0NoaGMxbkZnL0oyNVQ1WVVJRCticGZjZ1l0bjZwWjlkREhTcUVy\n"
    "VDRuaHdlUHp1YXpRNTgrN0U3b2JNVlM2ay9CMk5rU3ZoTWtkZGdaeUxZb2tic0xy\n"
    "WWlaa1BYK21iNnRLbllxRWg0OC9rWTV6c0RRPT0ifQ==\n"
    "-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n";

} // namespace clairgate::sign::sample

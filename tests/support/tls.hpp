#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <support/loopback_server.hpp>

namespace clairgate::test {

/// A certificate authority that lives for one test.
class TestAuthority {
  public:
    TestAuthority();
    ~TestAuthority();
    TestAuthority(TestAuthority const&) = delete;
    TestAuthority& operator=(TestAuthority const&) = delete;

    /// Its own certificate, PEM: what a client has to trust.
    std::string certificate() const;
    /// A server's certificate for the subject alternative names (OpenSSL's spelling, such as
    /// "DNS:localhost,IP:127.0.0.1"), valid until `valid_for` from now; a negative one has expired.
    ServerIdentity issue(std::string const& names,
                         std::chrono::hours valid_for = std::chrono::hours(24)) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace clairgate::test

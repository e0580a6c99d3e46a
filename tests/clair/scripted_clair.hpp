#pragma once

#include <clairgate/clair/client.hpp>

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <support/loopback_server.hpp>
#include <support/test_world.hpp>
#include <vector>

namespace clairgate::clair::test_support {

/// The digest of a made-up blob or manifest: sha256 of its name.
image::Digest digest_of(std::string_view name);

/// A vulnerability report as Clair 4.9 writes one for a Debian 12 image with a Python package:
/// zlib1g has CVE-2024-0001 (fixed) and CVE-2024-0002 (Unknown, CVSS 9.8), requests has a GHSA.
nlohmann::json clair_report(image::Digest const& manifest);

/// One platform with two layers.
image::PlatformImage platform_image(std::string_view name, std::string architecture = "amd64");
image::Subject subject_of(std::string const& registry, std::vector<image::PlatformImage> platforms);

/// A loopback Clair and a loopback registry with a token service, faithful unless `hook` answers
/// first. Clair believes what it was posted; nothing is fetched.
class ScriptedClair {
  public:
    /// `nth` counts requests of the same method and path from 1; nothing: the faithful answer.
    using Hook = std::function<std::optional<test::Answer>(test::Received const&, int nth)>;

    ScriptedClair();

    test::TestWorld world;
    Hook hook;                     ///< wraps Clair
    Hook registry_hook;            ///< wraps the registry
    bool has_basic_auth = false;   ///< the registry asks for a password instead of a token
    std::set<std::string> indexed; ///< manifest digests with a finished report
    Options options;
    std::vector<std::string> steps; ///< what Progress was told
    std::optional<test::LoopbackServer> clair;
    std::optional<test::LoopbackServer> registry_server;

    Result<finding::ScanReport> scan(std::vector<image::PlatformImage> platforms,
                                     Duration timeout = std::chrono::seconds(20));
    /// The same, but told to stop after `patience`.
    Result<finding::ScanReport> interrupted_scan(std::vector<image::PlatformImage> platforms,
                                                 Duration patience);
    /// Stops both servers; whether nothing of the client's is pending then.
    bool leaves_nothing();
    /// How many requests Clair got whose "METHOD path" begins so.
    int count(std::string_view method_and_path) const;

  private:
    Result<finding::ScanReport>
    scan_before(std::vector<image::PlatformImage> platforms, Duration timeout, Duration patience);
    test::Answer clair_answer(test::Received const& request);
    test::Answer faithful(test::Received const& request);
    test::Answer registry_answer(test::Received const& request);
    std::map<std::string, int> seen_;
    int tokens_ = 0;
};

constexpr std::string_view index_path = "/indexer/api/v1/index_report";
constexpr std::string_view match_path = "/matcher/api/v1/vulnerability_report/";

/// Clair's error body.
test::Answer clair_error(int status, std::string const& message);
/// An index report in `state`.
test::Answer index_report(int status, std::string const& manifest, std::string const& state);

} // namespace clairgate::clair::test_support

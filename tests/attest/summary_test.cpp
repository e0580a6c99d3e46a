#include <clairgate/attest/summary.hpp>
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::attest {
namespace {

VerificationSummary sample() {
    return {"https://clairgate.example/\"gate\"",
            "0.1.0",
            parse_rfc3339("2026-11-24T09:51:39Z").value(),
            "oci://registry.example/shop@sha256:00",
            "https://git.example/policy",
            {{"global.toml", image::Digest::of("b")}, {"team/shop.toml", image::Digest::of("a")}},
            image::Digest::of("abc"),
            true,
            "pass"};
}

constexpr std::string_view golden =
    R"({"verifier":{"id":"https://clairgate.example/\"gate\"","version":{"clairgate":"0.1.0"}},)"
    R"("timeVerified":"2026-11-24T09:51:39Z",)"
    R"("resourceUri":"oci://registry.example/shop@sha256:00",)"
    R"("policy":{"uri":"https://git.example/policy","digest":{"sha256":"POLICY"}},)"
    R"("inputAttestations":[{"digest":{"sha256":)"
    R"("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}}],)"
    R"("verificationResult":"PASSED","verifiedLevels":["CLAIRGATE_SCAN_PASS"]})";

std::string digest_of_policy(VerificationSummary const& summary) {
    return nlohmann::json::parse(summary_predicate(summary)).at("policy").at("digest").at("sha256");
}

std::string hash_of_lines(std::string_view lines) {
    return std::string(image::Digest::of(lines).hex());
}

std::string with(std::string_view old, std::string_view fresh) {
    std::string text(golden);
    auto const at = text.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return text.replace(at, old.size(), fresh);
}

TEST(SummaryPredicate, HasDeterministicBytes) {
    // sha256 of b: 3e23…, of a: ca97…: sorted by digest
    auto const policy = hash_of_lines(cat(image::Digest::of("b").text(),
                                          "  global.toml\n",
                                          image::Digest::of("a").text(),
                                          "  team/shop.toml\n"));
    EXPECT_EQ(summary_predicate(sample()), with("POLICY", policy));
    auto turned = sample();
    std::reverse(turned.policy_files.begin(), turned.policy_files.end());
    EXPECT_EQ(summary_predicate(turned), summary_predicate(sample()));
}

TEST(SummaryPredicate, PolicyDigestDependsOnEveryFile) {
    auto const original = digest_of_policy(sample());
    auto renamed = sample();
    renamed.policy_files[0].uri += "x";
    EXPECT_NE(digest_of_policy(renamed), original);
    auto changed = sample();
    changed.policy_files[1].digest = image::Digest::of("c");
    EXPECT_NE(digest_of_policy(changed), original);
    auto none = sample();
    none.policy_files.clear();
    EXPECT_EQ(digest_of_policy(none), hash_of_lines(""));
    // One file whose name looks like two.
    auto one = sample();
    one.policy_files = {{cat("global.toml\n", image::Digest::of("a").text(), "  team/shop.toml"),
                         image::Digest::of("b")}};
    EXPECT_NE(digest_of_policy(one), original);
}

TEST(SummaryPredicate, PassesOnlyWhatPassed) {
    struct Case {
        bool has_passed;
        char const* verdict;
        char const* result;
        char const* level;
    };
    for (auto const& [has_passed, verdict, result, level] :
         {Case{true, "pass", "PASSED", "CLAIRGATE_SCAN_PASS"},
          Case{true, "warn", "PASSED", "CLAIRGATE_SCAN_WARN"},
          Case{false, "block", "FAILED", "FAILED"},
          Case{false, "undecided", "FAILED", "FAILED"},
          Case{true, "block", "FAILED", "FAILED"},
          Case{true, "", "FAILED", "FAILED"},
          Case{false, "pass", "FAILED", "FAILED"}}) {
        auto summary = sample();
        summary.has_passed = has_passed;
        summary.verdict = verdict;
        auto const parsed = parse_summary_predicate(summary_predicate(summary)).value();
        EXPECT_EQ(parsed.has_passed, std::string_view(result) == "PASSED") << verdict;
        EXPECT_EQ(parsed.levels, std::vector<std::string>{level});
        EXPECT_EQ(parsed.verifier_id, summary.verifier_id);
        EXPECT_EQ(parsed.resource_uri, summary.resource_uri);
    }
}

TEST(ParseSummaryPredicate, RefusesAndSaysWhy) {
    std::pair<std::string, char const*> const cases[] = {
        {"[]", "is not an object"},
        {with("\"verifier\"", "\"v\""), "\"verifier\" is missing"},
        {with("\"id\"", "\"i\""), "\"id\" is missing"},
        {with("\"https://clairgate.example/\\\"gate\\\"\"", "1"), "\"id\" is not a string"},
        {with("\"resourceUri\"", "\"resource\""), "\"resourceUri\" is missing"},
        {with("\"verificationResult\"", "\"result\""), "\"verificationResult\" is missing"},
        {with("\"PASSED\"", "true"), "\"verificationResult\" is not a string"},
        {with("\"PASSED\"", "\"passed\""), "neither PASSED nor FAILED"},
        {with("[\"CLAIRGATE_SCAN_PASS\"]", "null"), "\"verifiedLevels\" is missing"},
        {with("[\"CLAIRGATE_SCAN_PASS\"]", "\"A\""), "\"verifiedLevels\" is not an array"},
        {with("\"CLAIRGATE_SCAN_PASS\"", "7"), "a verified level is not a string"},
        {with("{\"verifier\"", "{\"verificationResult\":\"FAILED\",\"verifier\""), "a key twice"},
        {cat(golden, ","), "something behind the document"}};
    for (auto const& [json, why] : cases) {
        auto const parsed = parse_summary_predicate(json);
        ASSERT_FALSE(parsed.has_value()) << json;
        EXPECT_EQ(parsed.error().kind(), ErrorKind::protocol);
        EXPECT_NE(parsed.error().text().find(why), std::string::npos) << parsed.error().text();
    }
    EXPECT_TRUE(parse_summary_predicate(golden).has_value());
}

} // namespace
} // namespace clairgate::attest

#include <clairgate/clair/decode.hpp>

#include <gtest/gtest.h>

namespace clairgate::clair {
namespace {

SystemTime at(std::string_view text) {
    return parse_rfc3339(text).value();
}

finding::UpdateOperation operation(std::string updater, std::string_view date) {
    finding::UpdateOperation out;
    out.updater = std::move(updater);
    out.date = at(date);
    return out;
}

TEST(DecodeUpdateOperations, KeepsTheNewestOfEachUpdaterByName) {
    auto const got = decode_update_operations(R"({
        "osv/pypi":[{"ref":"r1","updater":"osv/pypi","fingerprint":"f1",
            "date":"2026-11-01T00:00:00Z","kind":""}],
        "debian/updater":[
            {"ref":"r2","fingerprint":"f2","date":"2026-11-02T00:00:00.5+01:00"},
            {"ref":"r3","fingerprint":"f3","date":"2026-11-03T00:00:00Z","more":[{}]},
            {"ref":"r4","fingerprint":"f4","date":"2026-10-03T00:00:00Z"}],
        "empty":[], "none":null})");
    ASSERT_TRUE(got.has_value()) << got.error().text();
    ASSERT_EQ(got->size(), 2U);
    EXPECT_EQ(got->at(0).updater, "debian/updater");
    EXPECT_EQ(got->at(0).ref, "r3");
    EXPECT_EQ(got->at(0).fingerprint, "f3");
    EXPECT_EQ(got->at(0).date, at("2026-11-03T00:00:00Z"));
    EXPECT_EQ(got->at(1).updater, "osv/pypi");
}

TEST(DecodeUpdateOperations, IsEmptyForAMatcherWithoutData) {
    EXPECT_TRUE(decode_update_operations("{}").value().empty());
    EXPECT_TRUE(decode_update_operations(" null\n").value().empty());
}

TEST(DecodeUpdateOperations, RefusesWhatHasNoDate) {
    for (auto const* const text : {"",
                                   "[]",
                                   "1",
                                   R"({"u":{}})",
                                   R"({"u":[1]})",
                                   R"({"u":[{}]})",
                                   R"({"u":[{"date":7}]})",
                                   R"({"u":[{"date":"yesterday"}]})",
                                   R"({"u":[{"date":"2026-11-03T00:00:00Z"}])"})
        EXPECT_EQ(decode_update_operations(text).error().kind(), ErrorKind::protocol) << text;
}

TEST(AttachUpdaters, GivesEachEcosystemItsUpdatersAndTheirNewestDate) {
    std::vector<finding::EcosystemCoverage> ecosystems(3);
    ecosystems[0].ecosystem = "alpine";
    ecosystems[0].distribution = "alpine 3.19";
    ecosystems[1].ecosystem = "pypi";
    ecosystems[2].ecosystem = "wolfi";
    attach_updaters(ecosystems,
                    {operation("alpine-community-v3.19-updater", "2026-11-01T00:00:00Z"),
                     operation("alpine-main-v3.18-updater", "2026-11-09T00:00:00Z"),
                     operation("alpine-main-v3.19-updater", "2026-11-02T00:00:00Z"),
                     operation("clair.cvss", "2026-11-10T00:00:00Z")});
    EXPECT_EQ(
        ecosystems[0].updaters,
        (std::vector<std::string>{"alpine-community-v3.19-updater", "alpine-main-v3.19-updater"}));
    EXPECT_EQ(ecosystems[0].newest_data, at("2026-11-02T00:00:00Z"));
    EXPECT_TRUE(ecosystems[1].updaters.empty());
    EXPECT_FALSE(ecosystems[1].newest_data);
    EXPECT_TRUE(ecosystems[2].updaters.empty());
}

} // namespace
} // namespace clairgate::clair

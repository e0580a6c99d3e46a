#include <clairgate/local/dump.hpp>

#include <gtest/gtest.h>

namespace clairgate::local {
namespace {

Dump sample() {
    return {parse_rfc3339("2026-11-24T00:00:00Z").value(),
            parse_rfc3339("2026-11-24T01:00:00Z").value(),
            std::string("PGDMP\n\0bytes", 12)};
}

TEST(Dump, GoesBothWays) {
    auto const bytes = write_dump(sample());
    EXPECT_TRUE(looks_like_dump(bytes));
    auto const back = read_dump(bytes);
    ASSERT_TRUE(back.has_value()) << back.error().text();
    EXPECT_EQ(back->archive, sample().archive);
    EXPECT_EQ(back->data_date, sample().data_date);
}

TEST(Dump, IsRefusedWhenAnyByteOfItsArchiveChanged) {
    auto const bytes = write_dump(sample());
    for (auto i = bytes.find('\n') + 1; i < bytes.size(); ++i) {
        auto changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        auto const result = read_dump(changed);
        ASSERT_FALSE(result.has_value()) << i;
        EXPECT_EQ(result.error().kind(), ErrorKind::integrity);
    }
    EXPECT_FALSE(read_dump(bytes.substr(0, bytes.size() - 1)).has_value());
    EXPECT_FALSE(read_dump("{}").has_value());
    EXPECT_FALSE(looks_like_dump(R"({"Updater":"x"})"));
}

TEST(AllowedEntries, AreDataOfKnownTablesOnly) {
    constexpr std::string_view list = ";\n; Archive created at 2026\n;\n"
                                      "3416; 0 16404 TABLE DATA public vuln clair\n"
                                      "3420; 0 0 SEQUENCE SET public vuln_id_seq clair\n"
                                      "3418; 0 16420 TABLE DATA public uo_vuln clair\n";
    auto const entries = allowed_entries(list);
    ASSERT_TRUE(entries.has_value()) << entries.error().text();
    EXPECT_EQ(*entries,
              "3416; 0 16404 TABLE DATA public vuln clair\n"
              "3418; 0 16420 TABLE DATA public uo_vuln clair\n");
    for (auto const* bad : {"1; 1255 1 FUNCTION public evil() clair",
                            "1; 0 1 TABLE DATA public pg_authid clair",
                            "1; 0 1 TABLE DATA other vuln clair",
                            "1; 1259 1 TABLE public vuln clair",
                            "1; 0 1 TABLE DATA public vuln; clair",
                            "garbage",
                            ""})
        EXPECT_FALSE(allowed_entries(bad).has_value()) << bad;
}

} // namespace
} // namespace clairgate::local

#include <clairgate/local/data_record.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <support/temp_dir.hpp>

namespace clairgate::local {
namespace {

TEST(DataRecord, GoesBothWaysAndIsNothingWhenBrokenOrMissing) {
    test::TempDir const folder;
    auto const file = folder.path() / "data.json";
    EXPECT_EQ(read_data_record(file), std::nullopt);
    auto const date = parse_rfc3339("2026-11-24T00:00:00Z").value();
    ASSERT_TRUE(write_data_record(file, date).has_value());
    EXPECT_EQ(read_data_record(file), date);
    ASSERT_TRUE(write_data_record(file, std::nullopt).has_value());
    EXPECT_EQ(read_data_record(file), std::nullopt);
    std::ofstream(file) << "{";
    EXPECT_EQ(read_data_record(file), std::nullopt);
}

TEST(InspectExport, FindsCountNewestDateAndRanges) {
    auto const facts = inspect_export(R"({"Date":"2026-01-01T00:00:00Z","Vuln":{"range":null}}
{"Date":"2026-03-01T00:00:00Z","Vuln":{}}

{"Date":"2026-02-01T00:00:00Z","Enrichment":{}}
)");
    ASSERT_TRUE(facts.has_value()) << facts.error().text();
    EXPECT_EQ(facts->records, 3U);
    EXPECT_EQ(to_rfc3339(*facts->newest), "2026-03-01T00:00:00Z");
    EXPECT_FALSE(facts->has_ranges);
    auto const ranged =
        inspect_export(R"({"Updater":"osv/go","Vuln":{"range":{"[":"1"}}})").value();
    EXPECT_TRUE(ranged.has_ranges);
    EXPECT_EQ(ranged.range_updaters, std::set<std::string>{"osv/go"});
}

TEST(InspectExport, RefusesWhatIsNoExport) {
    for (auto const* bad : {"", "\n\n", "not json", R"({"Date":"yesterday"})", R"({"Date":5})"})
        EXPECT_FALSE(inspect_export(bad).has_value()) << bad;
}

} // namespace
} // namespace clairgate::local

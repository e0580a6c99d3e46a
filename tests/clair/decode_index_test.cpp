#include <clairgate/clair/decode.hpp>

#include <gtest/gtest.h>

namespace clairgate::clair {
namespace {

TEST(DecodeIndexReport, ReadsWhatTellsWhetherIndexingIsFinished) {
    auto const got = decode_index_report(
        R"({"packages":{"1":{"name":"a"}},"err":"it \"failed\"","success":false,)"
        R"("manifest_hash":"sha256:aa","state":"IndexError","later":{"added":[1]}})");
    ASSERT_TRUE(got.has_value()) << got.error().text();
    EXPECT_EQ(got->manifest_hash, "sha256:aa");
    EXPECT_EQ(got->state, "IndexError");
    EXPECT_EQ(got->error, "it \"failed\"");
    EXPECT_FALSE(got->is_finished());
}

TEST(DecodeIndexReport, IsFinishedOnlyWhenSuccessfulAndInTheLastState) {
    struct Row {
        std::string_view json;
        bool is_finished;
    };
    Row const rows[] = {{R"({"state":"IndexFinished","success":true})", true},
                        {R"({"state":"IndexFinished","success":false})", false},
                        {R"({"state":"IndexManifest","success":true})", false},
                        {R"({"state":"","success":false,"err":""})", false},
                        {R"({"state":"IndexFinished"})", false},
                        {R"({"success":true})", false},
                        {"{}", false}};
    for (auto const& row : rows)
        EXPECT_EQ(decode_index_report(row.json).value().is_finished(), row.is_finished) << row.json;
}

TEST(DecodeIndexReport, RefusesWrongTypesAndDuplicates) {
    for (auto const* const text : {"",
                                   "[]",
                                   "null",
                                   R"({"success":1})",
                                   R"({"success":"true"})",
                                   R"({"state":1})",
                                   R"({"manifest_hash":["sha256:aa"]})",
                                   R"({"success":false,"success":true})",
                                   R"({"state":"IndexError","state":"IndexFinished"})",
                                   R"({"state":"\ud800"})",
                                   R"({"state":"IndexFinished","success":true)"})
        EXPECT_EQ(decode_index_report(text).error().kind(), ErrorKind::protocol) << text;
}

TEST(DecodeIndexState, ReadsTheState) {
    EXPECT_EQ(decode_index_state(R"({"state":"abc"})").value(), "abc");
    for (auto const* const text : {"", "{}", R"({"state":1})", R"({"state":"a","state":"b"})"})
        EXPECT_FALSE(decode_index_state(text).has_value()) << text;
}

TEST(DecodeDistributionIds, AreSortedAndUnique) {
    EXPECT_EQ(
        decode_distribution_ids(
            R"({"distributions":{"2":{"did":"ubuntu"},"1":{"did":"debian"},"3":{"did":"debian"}}})")
            .value(),
        (std::vector<std::string>{"debian", "ubuntu"}));
    EXPECT_TRUE(decode_distribution_ids(R"({"distributions":null})").value().empty());
    EXPECT_TRUE(decode_distribution_ids("{}").value().empty());
    EXPECT_FALSE(decode_distribution_ids(R"({"distributions":{"1":{"did":1}}})").has_value());
}

} // namespace
} // namespace clairgate::clair

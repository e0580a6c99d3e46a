#include "report/waived_sample.hpp"
#include <clairgate/report/exception_words.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

ExceptionUse use(std::string rule, std::string reason) {
    ExceptionUse out;
    out.origin = {policy::Level::application, "a.toml", 3, 1, std::move(rule)};
    out.owner = "o";
    out.reason = std::move(reason);
    return out;
}

TEST(ExceptionWords, FindWhatLetAFindingPass) {
    auto const report = sample::waived_report();
    Record const record(report);
    Waivings const waivings(record.account());
    for (std::size_t i = 0; i < record.findings().size(); ++i) {
        auto const* const found = waivings.of(*record.decision(i));
        ASSERT_NE(found, nullptr);
        EXPECT_EQ(found->ids, std::vector{record.findings()[i].id});
    }
    auto const blocked = sample::report();
    Record const other(blocked);
    EXPECT_EQ(Waivings(other.account()).of(*other.decision(0)), nullptr);
}

TEST(ExceptionWords, ReadAVexClaimBackFromWhatPolicyWrites) {
    auto const claim = [](std::string reason) {
        // The views are of the exception: it must live.
        static ExceptionUse held;
        held = use("vex CVE-1 statements/0", std::move(reason));
        return vex_claim(held);
    };
    using Status = policy::VexStatement::Status;
    auto const full = claim("not_affected, code_not_present: we: know");
    ASSERT_TRUE(full);
    EXPECT_EQ(full->status, Status::not_affected);
    EXPECT_EQ(full->justification, "code_not_present");
    EXPECT_EQ(full->words, "we: know");
    auto const wordless = claim("not_affected, code_not_present");
    ASSERT_TRUE(wordless);
    EXPECT_EQ(wordless->justification, "code_not_present");
    EXPECT_EQ(wordless->words, "");
    auto const labelless = claim("fixed: in 2.0, says the vendor");
    ASSERT_TRUE(labelless);
    EXPECT_EQ(labelless->status, Status::fixed);
    EXPECT_EQ(labelless->justification, "");
    EXPECT_EQ(labelless->words, "in 2.0, says the vendor");
    ASSERT_TRUE(claim("fixed"));
    for (auto const* bad : {"", "affected", "fixedly", "not_affected because"})
        EXPECT_FALSE(claim(bad)) << bad;
    // An [[allow]] is never one, whatever its reason says.
    EXPECT_FALSE(vex_claim(use("allow CVE-1", "not_affected, code_not_present")));
}

TEST(ExceptionWords, TranslateLabelsThatMeanTheSame) {
    EXPECT_EQ(openvex_justification("code_not_reachable"), "vulnerable_code_not_in_execute_path");
    EXPECT_EQ(openvex_justification("code_not_present"), "vulnerable_code_not_present");
    EXPECT_EQ(openvex_justification("component_not_present"), "component_not_present");
    EXPECT_EQ(openvex_justification("vulnerable_code_cannot_be_controlled_by_adversary"),
              "vulnerable_code_cannot_be_controlled_by_adversary");
    EXPECT_EQ(openvex_justification("requires_environment"), "");
    EXPECT_EQ(openvex_justification("\n::error"), "");
    EXPECT_EQ(cyclonedx_justification("component_not_present"), "code_not_present");
    EXPECT_EQ(cyclonedx_justification("requires_environment"), "requires_environment");
    EXPECT_EQ(cyclonedx_justification("vulnerable_code_cannot_be_controlled_by_adversary"), "");
    EXPECT_EQ(cyclonedx_justification(""), "");
}

TEST(ExceptionWords, SayWhoWhyAndUntilWhen) {
    auto accepted = use("allow CVE-1", "no way in");
    accepted.expires = "2027-01-31";
    EXPECT_EQ(exception_sentence(accepted),
              "risk accepted until 2027-01-31 by o: no way in (allow CVE-1, a.toml:3:1)");
    accepted.is_break_glass = true;
    EXPECT_TRUE(exception_sentence(accepted).starts_with("risk accepted in an emergency until"));
    EXPECT_TRUE(exception_sentence(use("vex CVE-1 statements/0", "fixed"))
                    .starts_with("stated by o: fixed"));
}

} // namespace
} // namespace clairgate::report

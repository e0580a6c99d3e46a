#include <clairgate/gate/run_command.hpp>

#include <gtest/gtest.h>

#include <gate/program.hpp>
#include <gate/sample_report.hpp>

namespace clairgate::gate {
namespace {

policy::Policy stated(policy::Action on_error) {
    auto policy = policy::built_in();
    for (auto& [fault, setting] : policy.scan.on_error)
        setting = {on_error, {policy::Level::global, "global.toml", 3, 1, "scan.on_error"}};
    return policy;
}

TEST(OnError, IsTheStricterOfPolicyAndFlag) {
    using enum policy::Action;
    auto const built_in = policy::built_in();
    auto const action = [](policy::Policy const& policy, std::optional<policy::Action> flag) {
        return on_error_action({policy}, "clair", flag);
    };
    EXPECT_EQ(action(built_in, std::nullopt), block);
    EXPECT_EQ(action(built_in, allow), allow);
    EXPECT_EQ(action(stated(warn), std::nullopt), warn);
    EXPECT_EQ(action(stated(warn), allow), warn);
    EXPECT_EQ(action(stated(warn), block), block);
    EXPECT_EQ(action(stated(block), allow), block);
    EXPECT_EQ(on_error_action({stated(allow), stated(warn)}, "registry", std::nullopt), warn);
    EXPECT_EQ(on_error_action({}, "registry", allow), block); // no policy could be read
}

TEST(EnforcedEffect, OfARollOutWarnsInPlaceOfABlock) {
    auto report = test::sample_report(finding::Severity::critical, "");
    EXPECT_EQ(enforced_effect(report), policy::Effect::block);
    auto reporting = policy::built_in();
    reporting.scan.enforce.value = false;
    report.policy = std::move(reporting);
    EXPECT_EQ(enforced_effect(report), policy::Effect::warn);
}

TEST(OnError, SoftensOnlyWhatCouldNotBeDecided) {
    for (int number = 0; number <= static_cast<int>(ErrorKind::file); ++number) {
        auto const kind = static_cast<ErrorKind>(number);
        auto const status =
            outcome_of_failure(Error(kind, "x"), policy::Action::allow).status(false);
        bool const may_pass = exit_status(kind) == ExitStatus::undecided &&
                              kind != ErrorKind::integrity && kind != ErrorKind::cancelled;
        EXPECT_EQ(status == ExitStatus::allowed, may_pass) << to_string(kind);
    }
    EXPECT_EQ(
        outcome_of_failure(Error(ErrorKind::timeout, "x"), policy::Action::block).status(false),
        ExitStatus::undecided);
    EXPECT_EQ(outcome_of_failure(Error(ErrorKind::timeout, "x"), policy::Action::warn).status(true),
              ExitStatus::allowed_with_warnings);
}

TEST(RunCommand, TellsAMissingImageAndABadPolicyBeforeItStartsAnything) {
    auto const nothing = test::run_program({"run"});
    EXPECT_EQ(nothing.status, 2);
    EXPECT_NE(nothing.error.find("--image"), std::string::npos);
    auto const policy = test::run_program(
        {"run", "--image", "a.example/b@sha256:" + std::string(64, 'a'), "--policy", "/nowhere"});
    EXPECT_EQ(policy.status, 2);
    EXPECT_NE(policy.error.find("/nowhere"), std::string::npos);
}

} // namespace
} // namespace clairgate::gate

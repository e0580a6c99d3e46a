#include <clairgate/gate/exit_status.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <type_traits>

namespace clairgate::gate {
namespace {

static_assert(!std::is_default_constructible_v<Outcome>, "somebody has to say how it ended");

TEST(ExitStatus, IsZeroOnlyForWhatWasAllowedOrAskedForNothing) {
    for (int kind = 0; kind <= static_cast<int>(ErrorKind::file); ++kind) {
        auto const outcome = Outcome::failed(Error(static_cast<ErrorKind>(kind), "x"));
        EXPECT_NE(outcome.status(false), ExitStatus::allowed) << kind;
        EXPECT_NE(outcome.status(true), ExitStatus::allowed) << kind;
    }
    EXPECT_EQ(Outcome::judged(policy::Effect::allow).status(true), ExitStatus::allowed);
    EXPECT_EQ(Outcome::judged(policy::Effect::warn).status(false), ExitStatus::allowed);
    EXPECT_EQ(Outcome::done().status(true), ExitStatus::allowed);
}

TEST(ExitStatus, SaysTenForWarningsOnlyWhenAsked) {
    EXPECT_EQ(Outcome::judged(policy::Effect::warn).status(true),
              ExitStatus::allowed_with_warnings);
    EXPECT_EQ(Outcome::judged(policy::Effect::block).status(true), ExitStatus::blocked);
}

TEST(ExitStatus, FollowsTheKindOfTheError) {
    EXPECT_EQ(exit_status(ErrorKind::usage), ExitStatus::usage);
    EXPECT_EQ(exit_status(ErrorKind::policy), ExitStatus::usage);
    EXPECT_EQ(exit_status(ErrorKind::no_digest), ExitStatus::no_digest);
    EXPECT_EQ(exit_status(ErrorKind::integrity), ExitStatus::undecided);
    EXPECT_EQ(exit_status(static_cast<ErrorKind>(99)), ExitStatus::undecided);
}

TEST(ExitStatus, OfMissingEvidenceIsFiveUnlessBlocked) {
    Error const full(ErrorKind::file, "disk full");
    auto const allowed = Outcome::judged(policy::Effect::allow).with_evidence_failure(full);
    EXPECT_EQ(allowed.status(false), ExitStatus::evidence_failed);
    ASSERT_NE(allowed.error(), nullptr);
    auto const blocked = Outcome::judged(policy::Effect::block).with_evidence_failure(full);
    EXPECT_EQ(blocked.status(false), ExitStatus::blocked);
}

TEST(ExitStatus, OfASignalIsTheShells) {
    EXPECT_EQ(static_cast<int>(Outcome::interrupted(SIGINT).status(false)), 130);
    EXPECT_EQ(static_cast<int>(Outcome::interrupted(SIGTERM).status(false)), 143);
}

TEST(Worse, OrdersAsTheContractSays) {
    ExitStatus const order[] = {ExitStatus::usage,
                                ExitStatus::blocked,
                                ExitStatus::undecided,
                                ExitStatus::no_digest,
                                ExitStatus::evidence_failed,
                                ExitStatus::allowed_with_warnings,
                                ExitStatus::allowed};
    for (std::size_t i = 0; i < std::size(order); ++i)
        for (std::size_t j = i; j < std::size(order); ++j) {
            EXPECT_EQ(worse(order[i], order[j]), order[i]);
            EXPECT_EQ(worse(order[j], order[i]), order[i]);
        }
}

} // namespace
} // namespace clairgate::gate

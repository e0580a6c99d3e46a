#include <clairgate/gate/fill_data.hpp>

#include <gtest/gtest.h>

namespace clairgate::gate {
namespace {

TEST(FillData, IsOnlyForALocalEngineWithoutAnyData) {
    auto const no_data = Error(ErrorKind::unreachable, "no data").with_http_status(202);
    Plan plan;
    EXPECT_TRUE(may_fill_data(plan, no_data));
    EXPECT_FALSE(may_fill_data(plan, Error(ErrorKind::unreachable, "gone").with_http_status(503)));
    EXPECT_FALSE(may_fill_data(plan, Error(ErrorKind::unreachable, "gone")));
    auto with_updaters = plan;
    with_updaters.local.updaters = {"debian"};
    EXPECT_FALSE(may_fill_data(with_updaters, no_data));
    auto with_service = plan;
    with_service.clair = clair::Options{};
    EXPECT_FALSE(may_fill_data(with_service, no_data));
}

} // namespace
} // namespace clairgate::gate

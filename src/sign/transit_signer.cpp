#include "schemes.hpp"
#include <clairgate/sign/transit.hpp>

#include <memory>
#include <utility>

namespace clairgate::sign {

namespace {

class TransitSigner final : public Signer {
  public:
    TransitSigner(Transit transit, TransitKey key)
        : transit_(std::move(transit)), key_(std::move(key)) {}
    PublicKey const& public_key() const override { return key_.public_key; }
    io::Task<Result<std::string>> sign(std::string message, Deadline deadline) override {
        return transit_.sign(key_, std::move(message), deadline);
    }

  private:
    Transit transit_;
    TransitKey key_;
};

} // namespace

io::Task<Result<std::unique_ptr<Signer>>>
make_transit_signer(SignerContext context, std::string reference, Deadline deadline) {
    CO_TRY(auto place, transit_place(context.world.environment, reference));
    Transit transit(context.world, std::move(place));
    CO_TRY(auto key, co_await transit.newest_key(deadline));
    co_return std::unique_ptr<Signer>(
        std::make_unique<TransitSigner>(std::move(transit), std::move(key)));
}

io::Task<Result<PublicKey>>
public_key_of_transit(SignerContext context, std::string reference, Deadline deadline) {
    CO_TRY(auto place, transit_place(context.world.environment, reference));
    Transit transit(context.world, std::move(place));
    CO_TRY(auto const key, co_await transit.newest_key(deadline));
    co_return key.public_key;
}

} // namespace clairgate::sign

from fastapi import FastAPI

api = FastAPI()


@api.get("/")
async def hello():
    return {"hello": "from wrapped-fastapi"}
